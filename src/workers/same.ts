/** Whether a worker on another host holds what the command holds. */

import { codeOf } from '../cli/class-code.ts';
import type { Plan } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import { caseDigest } from '../sending/crew.ts';
import type { Task } from '../sending/prepare.ts';
import type { Order } from './messages.ts';

type Wanted = Pick<Extract<Order, { type: 'plan' }>, 'same'>;

/** Throws AGENT-CODE-001 where a model has another class here, or a class of that name with other code. */
export async function requireSameCode(plan: Plan, { same }: Wanted): Promise<void> {
  if (same === undefined) return;
  const own = codeOf(plan);
  for (const { abbr, className, hash } of same.code) {
    const found = own.find((one) => one.abbr === abbr);
    if (found?.hash === hash && found.className === className) continue;
    const what =
      found === undefined || found.className !== className
        ? `${abbr} is of the class ${className}, here it is ${found?.className ?? 'not there'}`
        : `its class ${className} of ${abbr} is not the one that the run was planned with`;
    throw new AisBenchError('AGENT-CODE-001', what, {
      where: process.cwd(),
      cure: 'copy the class and its config to the folder that the agent runs in; it runs no code that is sent to it',
    });
  }
}

/** Throws AGENT-CODE-001 where configs or data give other cases. */
export function requireSameCases(tasks: readonly Task[], { same }: Wanted): void {
  if (same === undefined || caseDigest(tasks) === same.cases) return;
  throw new AisBenchError('AGENT-CODE-001', 'its configs or data give other cases than those of the run', {
    where: process.cwd(),
    cure: 'copy configs and data to the folder that the agent runs in',
  });
}
