import { availableParallelism } from 'node:os';
import type { RunFlags } from '../config/flags.ts';
import { hasStep } from '../config/modes.ts';
import type { Plan } from '../config/plan.ts';
import { childWorkersFor, fingerprint } from '../sending/pool.ts';
import type { Task } from '../sending/prepare.ts';
import { ChildChannel } from './channel.ts';
import { Pool } from './pool.ts';
import type { RemotePoolOptions, WorkerGroupOptions } from './remote-pool.ts';

/** Where a run's workers come from, and what they are given. */
export interface OpenPoolOptions extends Omit<RemotePoolOptions, 'remote' | 'assignment' | 'silenceMs'> {
  /** Flags that the workers read the plan from; none about NATS. */
  readonly flags: RunFlags;
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
  const { remote, flags, folder, silenceMs = SILENCE_MS, warn } = options;
  const assignment = { flags, folder: folder.path, fingerprint: fingerprint(tasks) };
  if (remote !== undefined && hasStep(plan.mode, 'ask')) {
    // NATS is loaded only where it is needed.
    const { openRemotePool } = await import('./remote-pool.ts');
    return openRemotePool(plan, tasks, { ...options, remote, silenceMs, assignment });
  }
  const cores = availableParallelism();
  const size = Math.max(...tasks.map((task) => childWorkersFor(task, plan.load, cores)));
  if (size === 0) return undefined;
  const workersFor: Pool['workersFor'] = (task, load) => childWorkersFor(task, load, cores);
  const pool = new Pool({ plan, tasks, assignment, workersFor, warn });
  for (let n = 0; n < size; n++)
    pool.add((number) => new ChildChannel(`worker ${number + 1} of ${size}`, silenceMs));
  return pool;
}
