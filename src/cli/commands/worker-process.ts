import { runWorkerProcess } from '../../workers/worker-process.ts';
import { maskToo } from '../print/exit.ts';

/** `ais_bench worker-process`: one of the processes that send; started by a run or an `ais_bench worker`, with a channel to it. */
export function workerProcess(): Promise<number> {
  return runWorkerProcess(maskToo);
}
