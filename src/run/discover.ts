import type { ServiceModelPlan } from '../config/plan.ts';
import { AisBenchError } from '../errors.ts';
import { baseUrlOf } from '../models/base-api-model.ts';
import { fetchText } from '../transport/fetch-text.ts';
import type { Transport } from '../transport/types.ts';

const TIMEOUT_MS = 5000;

/** What `v1/models` told. */
export interface Discovered {
  readonly name: string;
  /** The service says of itself that its answers and times are made up. */
  readonly simulated: boolean;
}

/**
 * Asks the service for its model's name, once per run, where the config gives none (AISBench §2.2). Why there is none is
 * returned, not thrown: a class that needs no name must not fail for want of it.
 */
export async function discoverModel(
  plan: ServiceModelPlan,
  transport: Transport,
): Promise<Discovered | Error> {
  const url = new URL('v1/models', baseUrlOf(plan.options)).href;
  const { apiKey } = plan.options;
  const headers: Record<string, string> = apiKey === '' ? {} : { authorization: `Bearer ${apiKey}` };
  const reply = await fetchText(transport, { method: 'GET', url, headers }, TIMEOUT_MS);
  const explain = (why: string) =>
    new AisBenchError('MODEL-DATA-001', `the service did not tell its model's name: ${why}`, {
      where: url,
      cure: 'start the service, correct --host-ip/--host-port/--url, or give the name with --model',
    });
  if ('failure' in reply) return explain(reply.failure.message);
  try {
    const first = JSON.parse(reply.text)?.data?.[0];
    const name: unknown = first?.id;
    if (typeof name === 'string' && name !== '') return { name, simulated: first.simulated === true };
  } catch {
    // Said below: whatever it is, it holds no name.
  }
  return explain(`its answer holds no data[0].id: ${reply.text.slice(0, 200)}`);
}
