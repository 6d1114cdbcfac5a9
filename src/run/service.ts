import type { ServiceModelPlan } from '../config/plan.ts';
import { AisBenchError } from '../errors.ts';
import { RequestOutput } from '../models/output.ts';
import { buildRequest } from '../transport/call-service.ts';
import { Deadlines } from '../transport/deadlines.ts';
import type { MethodError } from '../transport/model-bug.ts';
import type { Clock } from '../transport/types.ts';
import { undiciTransport } from '../transport/undici-transport.ts';
import { argsOf, type Call } from './calls.ts';
import { discoverModel } from './discover.ts';
import type { Service, Target } from './target.ts';

/** A model ready to be asked, with connections of its own. */
export interface OpenService extends Service {
  /** The service says of itself that its answers and times are made up. */
  readonly simulated: boolean;
  close(): Promise<void>;
}

/** Builds the model class, asking the service for the model's name first where the config has none. */
export async function openService(
  plan: ServiceModelPlan,
  clock: Clock,
  signal: AbortSignal,
): Promise<OpenService> {
  const { connectMs } = plan.timeouts;
  const transport = undiciTransport(clock, { connectTimeoutMs: connectMs });
  try {
    const found = plan.options.model === '' ? await discoverModel(plan, transport) : undefined;
    const discoveredModel = found instanceof Error ? found : found?.name;
    const model = new plan.modelClass(Object.freeze({ ...plan.options, discoveredModel }));
    const deadlines = new Deadlines(clock, plan.timeouts);
    const target: Target = { model, release: () => {} };
    return {
      pick: () => target,
      wire: { transport, deadlines, clock, signal },
      simulated: found !== undefined && 'simulated' in found && found.simulated,
      close: () => transport.close(),
    };
  } catch (error) {
    await transport.close();
    throw error;
  }
}

/** Builds the first request, so that a wrong setting stops the run before anything is sent. */
export async function checkFirstRequest(service: Service, call: Call): Promise<void> {
  const { prompt, maxOutLen, ref } = call;
  const { model, adapter, release } = service.pick(ref);
  release();
  try {
    await buildRequest(model, { prompt, maxOutLen, args: argsOf(call, adapter) }, new RequestOutput());
  } catch (error) {
    const { cause } = error as MethodError;
    if (cause instanceof AisBenchError) throw cause;
    // Anything else is a bug of the class, and becomes a failed record that shows it.
  }
}
