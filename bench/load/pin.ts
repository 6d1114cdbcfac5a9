import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Keeps this process, all its threads, on one core; leaves it alone where there is no second one, or no `taskset`. */
export function pinTo(core: string | undefined): void {
  if (core === undefined || availableParallelism() < 2) return;
  spawnSync('taskset', ['-apc', String(Number(core) % availableParallelism()), String(process.pid)]);
}
