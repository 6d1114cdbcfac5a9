/** A worker whose engine needs no package; it obeys the orders that `python/echo_engine.py` lists. */
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { PythonWorker, type PythonWorkerOptions } from '../../src/python-bridge/python-worker.ts';

export const ECHO = 'echo_engine:Engine';

/** Lets Python find the engine. */
export const ECHO_ENV = { PYTHONPATH: fileURLToPath(new URL('python', import.meta.url)) };

/** Started, and killed after the test. */
export function echoWorker(setting: Partial<PythonWorkerOptions> = {}): PythonWorker {
  const worker = new PythonWorker({ python: 'python3', env: ECHO_ENV, ...setting });
  onTestFinished(() => worker.kill());
  return worker;
}

/** Started and loaded. */
export async function loadedEcho(setting?: Partial<PythonWorkerOptions>): Promise<PythonWorker> {
  const worker = echoWorker(setting);
  await worker.request('load', { engine: ECHO, options: {} });
  return worker;
}

/** Whether a process is there; of a negative number, whether one of its group is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
