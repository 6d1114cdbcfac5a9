import type { ServiceModelPlan } from '../config/plan.ts';
import { withoutCredentials } from '../contract/base-api-model.ts';
import type { APIModelClass } from '../contract/class-ref.ts';
import { AisBenchError } from '../contract/errors.ts';
import { RequestOutput } from '../contract/output.ts';
import { loadModelClass } from '../load-class.ts';
import { buildRequest, type Wire } from '../transport/call-service.ts';
import { inTime, RequestDeadlines, type UnsettledError } from '../transport/deadlines.ts';
import type { MethodError } from '../transport/failure.ts';
import { openTransport } from '../transport/open-transport.ts';
import { adapterPicker } from './adapters.ts';
import { balancer } from './balance.ts';
import { argsOf, type Call } from './calls.ts';
import { type Discovered, discoverModel } from './discover.ts';
import { type Service, seenBy, type Target } from './target.ts';

/** A model ready to be asked, with connections of its own. */
export interface OpenService extends Service {
  /** The service says of itself that its answers and times are made up. */
  readonly simulated: boolean;
  /** The name that the service told, where it was asked. */
  readonly modelName: string | undefined;
  close(): Promise<void>;
}

/**
 * Builds the model class, once for each server, asking for the model's name first where the config has none. Throws
 * what the class's constructor throws.
 */
export async function openService(
  plan: ServiceModelPlan,
  {
    base,
    ...wire
  }: Pick<Wire, 'clock' | 'signal' | 'silenceIsAnswer'> & {
    /** The folder that the class is looked for in. */
    readonly base: string;
  },
): Promise<OpenService> {
  const { clock } = wire;
  const modelClass = (await loadModelClass(plan.modelClass, base)) as APIModelClass;
  const { tls, proxy, http2, adapters } = plan.connection;
  const transport = await openTransport(clock, { connectMs: plan.timeouts.connectMs, tls, proxy, http2 });
  try {
    const found = plan.options.model === '' ? await discoverModel(plan, transport) : undefined;
    const targets = modelsOf(plan, modelClass, found);
    const take = balancer(targets, plan.connection.balance);
    const adapterOf = adapterPicker(adapters);
    return {
      pick: (ref) => {
        const { server, release } = take();
        const adapter = adapterOf(ref);
        return { ...server, ...(adapter === undefined ? {} : { adapter }), release };
      },
      wire: { ...wire, transport, deadlines: new RequestDeadlines(clock, plan.timeouts) },
      modelName: found !== undefined && 'name' in found && !(found instanceof Error) ? found.name : undefined,
      simulated: found !== undefined && 'simulated' in found && found.simulated,
      close: async () => {
        await Promise.all(targets.map(({ model }) => model.close?.()));
        await transport.close();
      },
    };
  } catch (error) {
    await transport.close();
    throw error;
  }
}

/** A model a server; a record names its server only where there are several. */
function modelsOf(
  { options, connection: { servers } }: ServiceModelPlan,
  modelClass: APIModelClass,
  found: Discovered | Error | undefined,
): Omit<Target, 'release'>[] {
  const discoveredModel = found instanceof Error ? found : found?.name;
  const create = (own: object) => new modelClass(Object.freeze({ ...options, ...own, discoveredModel }));
  if (servers.length === 1) return [{ model: create({}) }];
  return servers.map((url) => ({ model: create({ url }), server: withoutCredentials(url) }));
}

/** Builds the first request, so that a wrong setting stops the run before anything is sent. */
export async function checkFirstRequest(service: Service, call: Call): Promise<void> {
  const { prompt, maxOutLen, ref } = call;
  const target = service.pick(ref);
  target.release();
  const { model, adapter } = seenBy(call, target);
  try {
    const args = argsOf(call, adapter);
    const building = buildRequest(model, { prompt, maxOutLen, args }, new RequestOutput());
    await inTime(building, service.wire.clock(), service.wire);
  } catch (error) {
    const { cause } = error as MethodError | UnsettledError;
    if (cause instanceof AisBenchError) throw cause;
    // Anything else is a bug of the class, and becomes a failed record that shows it.
  }
}
