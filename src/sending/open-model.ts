import { isLoadTest } from '../config/modes.ts';
import type { LocalModelPlan, ModelPlan, Plan, ServiceModelPlan } from '../config/plan.ts';
import type { PeakMemory } from '../contract/base-model.ts';
import type { Clock } from '../transport/types.ts';
import type { RunControl } from './control.ts';
import { localAsk } from './local-batch.ts';
import { LoadedModel, peakMemoryOf } from './local-model.ts';
import { withMedia } from './media.ts';
import type { Task } from './prepare.ts';
import { type ModelClient, serviceClient, warmUp } from './run-task.ts';
import { checkFirstRequest, openService } from './service.ts';
import { sampleAt } from './shape.ts';
import { NO_WARMUP, type Warmup } from './warm-up.ts';

/** A model that is ready for requests: a service with its connections, or weights in memory. */
export interface OpenModel {
  readonly client: ModelClient;
  /** It says that its answers and times are made up. */
  readonly simulated: boolean;
  /** The model's name as the service gave it. */
  readonly modelName: string | undefined;
  /** Throws where the very first request of a task cannot be built. */
  check(task: Task): Promise<void>;
  warmUp(task: Task): Promise<Warmup>;
  /** Largest memory that a local model held so far, where it knows. */
  peakMemory?(): Promise<PeakMemory | undefined>;
  close(): Promise<void>;
}

interface OpenModelOptions {
  readonly control: RunControl;
  readonly listener: { warned(text: string): void };
  /** Holds a local model beyond this use of it; its owner closes it. */
  readonly loaded?: LoadedModel;
}

/** Undefined where the run was stopped meanwhile. */
export function openModel(
  model: ModelPlan,
  plan: Plan,
  clock: Clock,
  setting: OpenModelOptions,
): Promise<OpenModel | undefined> {
  return model.attr === 'local'
    ? openLocally(model, plan, clock, setting)
    : openRemotely(model, plan, clock, setting);
}

async function openRemotely(
  model: ServiceModelPlan,
  { mode, numWarmups, places }: Plan,
  clock: Clock,
  { control }: OpenModelOptions,
): Promise<OpenModel> {
  const service = await openService(model, {
    base: places.base,
    clock,
    signal: control.signal,
    // A model may have nothing to say; a load test of silence measures nothing.
    silenceIsAnswer: !isLoadTest(mode),
  });
  const answerer = serviceClient(service, model.attempts);
  return {
    client: answerer,
    simulated: service.simulated,
    modelName: service.modelName,
    check: ({ source }) => checkFirstRequest(service, sampleAt(source, 0).first),
    warmUp: ({ warmup }) => warmUp(warmup, answerer, numWarmups, control),
    close: () => service.close(),
  };
}

/** A model that other processes load and use: nothing of it is here. */
export function openElsewhere(clock: Clock): OpenModel {
  const open = (): never => {
    throw new Error('this process sends nothing: the model is open elsewhere');
  };
  return {
    client: { clock, open },
    simulated: false,
    modelName: undefined,
    check: async () => {},
    warmUp: async () => NO_WARMUP,
    close: async () => {},
  };
}

/** A local model has no connections to open and no caches to fill: it is loaded, and that is its warm-up. */
async function openLocally(
  plan: LocalModelPlan,
  { places: { base } }: Plan,
  clock: Clock,
  setting: OpenModelOptions,
): Promise<OpenModel | undefined> {
  const { signal } = setting.control;
  const loaded = setting.loaded ?? new LoadedModel({ ...setting, base });
  const model = await loaded.open(plan);
  if (model === undefined) return undefined;
  const ask = withMedia(localAsk(model, plan, { clock, signal }), clock, 'frames');
  return {
    client: { clock, open: () => ({ ask, release: () => {} }) },
    simulated: false,
    modelName: undefined,
    check: async () => {},
    warmUp: async () => NO_WARMUP,
    peakMemory: () => peakMemoryOf(model, signal),
    close: async () => {
      if (setting.loaded === undefined) await loaded.close();
    },
  };
}
