/** `kill -9` of the Python process of a local model at seeded random moments, and `--reuse` until it has been done often enough. */
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { childrenOf, durable, pause, recordsIn, seeded } from '../e2e/killed.ts';
import { start } from '../e2e/support.ts';
import { isAlive } from './echo-worker.ts';

export interface KilledWorkers {
  readonly cwd: string;
  readonly args: readonly string[];
  /** Abbr of the model. */
  readonly model: string;
  readonly kills: number;
  readonly seed: number;
  /** A worker is killed at most so long after it has begun, or has answered. */
  readonly spreadMs: number;
  readonly batchSize: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Is called after each session. */
  readonly onSession?: () => void;
}

/**
 * Runs the command, with `--reuse` from the second time on, until `kills` of its workers were killed: a third of them while they start,
 * load or answer, the others after they have answered something. What each session leaves is checked: nothing that was durable is
 * lost, whatever failed was killed, and no case is answered twice.
 */
export async function killWorkers(options: KilledWorkers): Promise<void> {
  const { cwd, args, model, kills, seed, spreadMs, env = {} } = options;
  const random = seeded(seed);
  let kept: string[] = [];
  let done = 0;
  for (let session = 0; done < kills; session++) {
    const { child, finished } = start(cwd, [...args, ...(session === 0 ? [] : ['--reuse'])], { env });
    let over = false;
    void finished.then(() => {
      over = true;
    });
    while (done < kills) {
      const answered = durable(cwd, model).length;
      const worker = await whichever(
        () => workerOf(child.pid!),
        () => over,
      );
      if (worker === undefined) break;
      if (done % 3 !== 1)
        await whichever(
          () => durable(cwd, model).length > answered || undefined,
          () => over || !isAlive(worker),
        );
      await pause(spreadMs * random());
      if (!isAlive(worker)) continue;
      process.kill(worker, 'SIGKILL');
      done += 1;
      await whichever(
        () => workerOf(child.pid!) !== worker || undefined,
        () => over,
      );
    }
    const end = await finished;
    options.onSession?.();
    // Exit code 2: it was killed before it was loaded for the first time.
    if (end.code === 2) expect(end.stderr).toMatch(/\[MODEL-IMPL-004\].*died while it was loaded.*SIGKILL/);
    else expect([0, 1], end.stderr).toContain(end.code);
    kept = checked(options, kept, done);
  }
}

/** Ids of the cases that are durable now. */
function checked(
  { cwd, model, batchSize }: KilledWorkers,
  before: readonly string[],
  kills: number,
): string[] {
  const now = durable(cwd, model);
  expect(new Set(now).size).toBe(now.length);
  expect(new Set(now)).toEqual(new Set([...before, ...now]));
  const failed = recordsIn(cwd, model).filter(({ outcome }) => outcome === 'failed');
  expect(failed.length).toBeLessThanOrEqual(kills * batchSize);
  for (const { failure } of failed) {
    expect(failure).toMatchObject({
      kind: 'model-bug',
      message: expect.stringContaining('was killed by SIGKILL'),
    });
  }
  return now;
}

function workerOf(command: number): number | undefined {
  const isWorker = (pid: number) => {
    const file = `/proc/${pid}/cmdline`;
    return existsSync(file) && readFileSync(file, 'utf8').includes('ais_bench_worker');
  };
  return childrenOf(command).find(isWorker);
}

/** What `look` finds first; undefined once it is over. */
async function whichever<T>(look: () => T | undefined, isOver: () => boolean): Promise<T | undefined> {
  for (;;) {
    const found = look();
    if (found !== undefined || isOver()) return found;
    await pause(20);
  }
}
