/** Before the measured requests: the name of the model as its service reports it, and the results of a warm-up. */
import type { ServiceModelPlan } from '../config/plan.ts';
import { type BaseAPIModel, endpointUrl, withoutCredentials } from '../contract/base-api-model.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { FailedRecord } from '../contract/record.ts';
import { fetchText } from '../transport/open-transport.ts';
import { plainHeaders } from '../transport/request-headers.ts';
import type { Transport } from '../transport/types.ts';

const TIMEOUT_MS = 5000;

/** For a service that cannot be reached. */
const addressCure = 'start the service, or correct --host-ip/--host-port/--url';

/** Whether a status says that the key is missing or wrong. */
function isRefusedKey(status: number | undefined): boolean {
  return status === 401 || status === 403;
}

/** Of a service that refuses the key, or that there is none. */
function keyCure({ options }: ServiceModelPlan): string {
  const which = options.apiKey === '' ? 'the key of the service' : 'another key';
  return `give ${which} with --api-key or as api_key in the config`;
}

/** What `v1/models` says. */
export interface Discovered {
  readonly name: string;
  /** The service says that its answers and times are made up. */
  readonly simulated: boolean;
}

/**
 * Asks the service for its model's name, once per run, where the config gives none (AISBench §2.2); of several servers the
 * first that answers. Why there is none is returned, not thrown: a class that needs no name must not fail for want of it.
 */
export async function discoverModel(
  plan: ServiceModelPlan,
  transport: Transport,
): Promise<Discovered | Error> {
  const { servers } = plan.connection;
  const refusals: { url: string; why: string; wantsKey: boolean }[] = [];
  for (const server of servers) {
    const url = endpointUrl(server, 'v1/models');
    const headers = plainHeaders({ ...plan.options, url: server });
    const reply = await fetchText(transport, { method: 'GET', url, headers }, TIMEOUT_MS);
    const answer = 'failure' in reply ? reply.failure.message : nameIn(reply.text);
    if (typeof answer === 'object') return answer;
    const wantsKey = 'failure' in reply && isRefusedKey(reply.failure.status);
    // A query may hold a secret.
    refusals.push({ url: url.replace(/\?.*$/, ''), why: answer, wantsKey });
  }
  const { url, why, wantsKey } = refusals[0]!;
  const who = servers.length === 1 ? 'the service' : `each of the ${servers.length} servers`;
  return new AisBenchError('MODEL-DATA-001', `${who} did not report its model's name: ${why}`, {
    where: url,
    cure: wantsKey ? keyCure(plan) : `${addressCure}, or give the name with --model`,
  });
}

/** Lets a class find out from its service what the config leaves open; a service that does not answer leaves it open. */
export async function discoverMore(model: BaseAPIModel, transport: Transport): Promise<void> {
  const headers = plainHeaders(model.options);
  await model.discover?.(async (url) => {
    const reply = await fetchText(transport, { method: 'GET', url, headers }, TIMEOUT_MS);
    return 'failure' in reply ? undefined : parsed(reply.text);
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The first model of the list, or why there is none. */
function nameIn(text: string): Discovered | string {
  try {
    const first = JSON.parse(text)?.data?.[0];
    const name: unknown = first?.id;
    if (typeof name === 'string' && name !== '') return { name, simulated: first.simulated === true };
  } catch {
    // Said below: whatever it is, it holds no name.
  }
  return `its answer holds no data[0].id: ${text.slice(0, 200)}`;
}

/** Results of the requests before the measured ones. */
export interface Warmup {
  /** Requests that succeeded. */
  readonly answered: number;
  readonly failures: readonly Pick<FailedRecord, 'failure' | 'server'>[];
  /** Of the failures, complete answers with nothing in them: the service works, and had nothing to say. */
  readonly silent: number;
}

export const NO_WARMUP: Warmup = { answered: 0, failures: [], silent: 0 };

/**
 * Throws TINFER-RUNTIME-001 where every request of a warm-up failed: whatever would be measured would fail too. An answer that is
 * complete and empty shows nothing of the kind.
 */
export function requireAnswer({ answered, failures, silent }: Warmup, plan: ServiceModelPlan): void {
  const [first] = failures;
  if (first === undefined || answered > 0 || silent > 0) return;
  const { failure, server = withoutCredentials(plan.connection.servers[0]!) } = first;
  const all =
    failures.length === 1 ? 'the warm-up request' : `each of the ${failures.length} warm-up requests`;
  throw new AisBenchError('TINFER-RUNTIME-001', `${all} failed: ${failure.message}`, {
    where: `${plan.abbr}, ${server}`,
    cure: `${cureOf(first, plan)}; --num-warmups 0 runs without a warm-up`,
    cause: failure.bodyExcerpt,
  });
}

function cureOf({ failure: { kind, status } }: Warmup['failures'][number], plan: ServiceModelPlan): string {
  if (kind === 'connect') return addressCure;
  if (kind === 'timeout')
    return 'check whether the service is stuck or still loads its model, or allow more time (timeouts)';
  if (kind === 'model-bug')
    return 'correct the class: --debug shows where it threw, ais_bench check what it makes of a reply';
  if (isRefusedKey(status)) return keyCure(plan);
  if (status === 404) return 'correct the address (--host-ip/--host-port/--url) or the name (--model)';
  return 'correct what the service complains of';
}
