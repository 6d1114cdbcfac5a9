import { availableParallelism } from 'node:os';
import type { Plan } from '../config/plan.ts';
import { loadWorkersFor } from '../sending/crew.ts';
import type { Task } from '../sending/prepare.ts';
import { ChildLine } from './child-line.ts';
import { type Briefing, LoadCrew } from './crew.ts';

/** Load workers on this machine, where a task needs more than the command's own process. */
export function localCrew(plan: Plan, tasks: readonly Task[], briefing: Briefing): LoadCrew | undefined {
  const cores = availableParallelism();
  const size = Math.max(...tasks.map((task) => loadWorkersFor(task, plan.load, cores)));
  if (size === 0) return undefined;
  const lines = Array.from(
    { length: size },
    (_, worker) => new ChildLine(`load worker ${worker + 1} of ${size}`),
  );
  return new LoadCrew(lines, briefing, (task, load) => loadWorkersFor(task, load, cores));
}
