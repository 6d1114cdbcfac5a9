import { availableParallelism } from 'node:os';
import { hasStep } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import { INLINE } from '../contract/class-ref.ts';
import { childWorkersFor, fingerprint } from '../sending/pool.ts';
import type { Task } from '../sending/prepare.ts';
import { ChildChannel } from './channel.ts';
import { Pool } from './pool.ts';
import type { RemotePoolOptions, WorkerGroupOptions } from './remote-pool.ts';

/** Where a run's workers come from, and what they are given. */
export interface OpenPoolOptions extends Omit<RemotePoolOptions, 'remote' | 'silenceMs'> {
  /** Present: remote workers send; absent: child processes of this one. */
  readonly remote?: WorkerGroupOptions | undefined;
  /** ms of silence after which a worker is lost (default: 10,000). */
  readonly silenceMs?: number | undefined;
}

const SILENCE_MS = 10_000;

/**
 * Starts the processes that send for a run, or takes the free remote workers of a group. Undefined where this process sends
 * everything by itself. Throws as `openRemotePool` does.
 */
export async function openPool(
  plan: Plan,
  tasks: readonly Task[],
  options: OpenPoolOptions,
): Promise<Pool | undefined> {
  const { remote, folder, silenceMs = SILENCE_MS, warn } = options;
  if (remote !== undefined && hasStep(plan.mode, 'ask')) {
    // NATS is loaded only where it is needed.
    const { openRemotePool } = await import('./remote-pool.ts');
    return openRemotePool(plan, tasks, { ...options, remote, silenceMs });
  }
  // Another process cannot load a class that a program handed over.
  if (plan.load.workers === 'auto' && hasInlineClass(plan)) return undefined;
  const cores = availableParallelism();
  const size = Math.max(...tasks.map((task) => childWorkersFor(task, plan.load, cores)));
  if (size === 0) return undefined;
  const workersFor: Pool['workersFor'] = (task, load) => childWorkersFor(task, load, cores);
  const assignment = { source: { plan }, folder: folder.path, fingerprint: fingerprint(tasks) };
  const pool = new Pool({ plan, tasks, assignment, workersFor, warn });
  for (let n = 0; n < size; n++)
    pool.add((number) => new ChildChannel(`worker ${number + 1} of ${size}`, silenceMs));
  return pool;
}

function hasInlineClass({ models, datasets }: Plan): boolean {
  const classes = [...models.map(({ modelClass }) => modelClass), ...datasets.map((one) => one.datasetClass)];
  return classes.some(({ module }) => module === INLINE);
}
