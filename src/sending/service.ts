import { createHash } from 'node:crypto';
import { defined } from '../basics/defined.ts';
import type { AdapterPlan, Balance, ServiceModelPlan } from '../config/plan.ts';
import { withoutCredentials } from '../contract/base-api-model.ts';
import type { APIModelClass } from '../contract/class-ref.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { CallRef } from '../contract/record.ts';
import { loadModelClass } from '../load-class.ts';
import { tryRequest, type Wire } from '../transport/call-service.ts';
import { inTime, RequestDeadlines, type UnsettledError } from '../transport/deadlines.ts';
import type { MethodError } from '../transport/failure.ts';
import { openTransport } from '../transport/open-transport.ts';
import { CountWatch } from './count-watch.ts';
import { inlineMedia } from './media.ts';
import { type ModelRequest, requestArgs } from './model-request.ts';
import { type Service, seenBy, type Target } from './send-request.ts';
import { type Discovered, discoverModel, discoverMore } from './warm-up.ts';

/** A model that requests can be sent to, with connections of its own. */
export interface OpenService extends Service {
  /** The service says that its answers and times are made up. */
  readonly simulated: boolean;
  /** The model's name as the service gave it, where the config has none. */
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
    await Promise.all(targets.map(({ model }) => discoverMore(model, transport)));
    const take = balancer(targets, plan.connection.balance);
    const watch = new CountWatch();
    const { chunksAreTokens } = plan;
    const adapterOf = adapterPicker(adapters);
    return {
      pick: (ref) => {
        const { server, release } = take();
        const adapter = adapterOf(ref);
        const model = watch.next(server.model);
        return {
          ...server,
          ...(adapter === undefined ? {} : { adapter }),
          model,
          chunksAreTokens,
          watch,
          release: () => {
            watch.release(model, server.model);
            release();
          },
        };
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
  { options, connection: { servers, tls } }: ServiceModelPlan,
  modelClass: APIModelClass,
  found: Discovered | Error | undefined,
): Omit<Target, 'release'>[] {
  const discoveredModel = found instanceof Error ? found : found?.name;
  const create = (own: object) =>
    new modelClass(Object.freeze({ ...options, ...own, ...defined({ tls }), discoveredModel }));
  if (servers.length === 1) return [{ model: create({}) }];
  return servers.map((url) => ({ model: create({ url }), server: withoutCredentials(url) }));
}

/** Builds the first request, so that a wrong setting stops the run before anything is sent. */
export async function checkFirstRequest(service: Service, call: ModelRequest): Promise<void> {
  const { maxOutLen, ref } = call;
  const target = service.pick(ref);
  target.release();
  const { model, adapter } = seenBy(call, target);
  try {
    const args = requestArgs(call, adapter);
    // As it will be sent: a class may refuse a part by its URL, and take it with its data.
    const prompt = await inlineMedia(
      call.prompt,
      call.inlinesMedia === true ? 'all' : 'frames',
      call.mediaRoots,
    );
    const building = tryRequest(model, { prompt, maxOutLen, args });
    await inTime(building, service.wire.clock(), service.wire);
  } catch (error) {
    const { cause } = error as MethodError | UnsettledError;
    if (cause instanceof AisBenchError) throw cause;
    // Anything else is a bug of the class, and becomes a failed record that shows it.
  }
}

type CaseOf = Pick<CallRef, 'index' | 'repetition'>;

/**
 * Picks the adapter (or other model) of a sample; undefined = the model itself. The choice depends on nothing but the
 * plan, the row and its repetition, so every turn of a dialogue and every later run makes the same one.
 */
export function adapterPicker(plan: AdapterPlan | undefined): (ref: CaseOf) => string | undefined {
  if (plan === undefined) return () => undefined;
  if (plan.kind === 'rows') return ({ index }) => named(plan.names[index]);
  const total = plan.shares.reduce((sum, { weight }) => sum + weight, 0);
  return ({ index, repetition }) => {
    let left = total * fraction(`${plan.seed}:${index}:${repetition}`);
    const share = plan.shares.find(({ weight }) => {
      left -= weight;
      return left < 0;
    });
    return named((share ?? plan.shares.at(-1))?.name);
  };
}

function named(name: string | undefined): string | undefined {
  return name === '' ? undefined : name;
}

/** A number in [0, 1) that the text decides, spread evenly over texts. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** Chooses one of several servers for a case, until the case releases it. */
export function balancer<T>(
  servers: readonly T[],
  balance: Balance,
): () => { readonly server: T; readonly release: () => void } {
  const inFlight = servers.map(() => 0);
  let next = 0;
  return () => {
    const index = balance === 'round_robin' ? next : leastBusy(inFlight, next);
    next = (index + 1) % servers.length;
    inFlight[index]! += 1;
    let held = true;
    const release = () => {
      if (held) inFlight[index]! -= 1;
      held = false;
    };
    return { server: servers[index]!, release };
  };
}

/** Equals take turns, or a light load would all go to the first server. */
function leastBusy(inFlight: readonly number[], from: number): number {
  let best = from;
  for (let step = 1; step < inFlight.length; step++) {
    const index = (from + step) % inFlight.length;
    if (inFlight[index]! < inFlight[best]!) best = index;
  }
  return best;
}
