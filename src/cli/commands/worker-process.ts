import { secretsOf } from '../../config/plan-secrets.ts';
import { runWorkerProcess } from '../../workers/worker-process.ts';
import { codeOf } from '../class-code.ts';
import { maskToo } from '../masked.ts';
import { readPlan } from '../read-plan.ts';

/** `ais_bench worker-process`: one of the processes that send; started by a run or an `ais_bench worker`, with a channel to it. */
export function workerProcess(): Promise<number> {
  return runWorkerProcess({
    readPlan: async (flags) => {
      const plan = await readPlan(flags);
      maskToo(plan.models.flatMap(secretsOf));
      return plan;
    },
    codeOf,
  });
}
