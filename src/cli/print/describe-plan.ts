import { plural } from '../../basics/plural.ts';
import type { LoadSettings, ServiceModelPlan } from '../../config/plan.ts';
import type { Task } from '../../sending/prepare.ts';
import { caseCount, requestCount } from '../../sending/shape.ts';
import { describeArrival } from './describe-arrival.ts';
import { describeConnection, describeServers } from './describe-connection.ts';

/** What is about to happen, task by task; how requests are sent is said anew only where it changes. */
export function describeTasks(tasks: readonly Task[], load: LoadSettings): string[] {
  let said = '';
  return tasks.flatMap((task) => {
    const [what, ...how] = describeTask(task, load);
    const isSaid = how.join('\n') === said;
    said = how.join('\n');
    return [what!, ...(isSaid ? [] : how)];
  });
}

/** One task, in lines that fit a terminal; every limit that can end a request is named. */
export function describeTask({ model, dataset, source }: Task, load: LoadSettings): string[] {
  const [cases, total] = [caseCount(source), requestCount(source)];
  const inCases = cases === total ? '' : ` in ${plural(cases, 'case')}`;
  const requests = `${model.abbr} × ${dataset.abbr}: ${plural(total, 'request')}${inCases}`;
  if (model.attr === 'local') {
    return [
      `${requests} to ${model.modelClass.name}, a local model`,
      `batches of at most ${model.concurrency}, weights from ${model.options.path}`,
    ];
  }
  const unit = cases === total ? 'requests' : 'cases';
  return [
    `${requests} to ${describeServers(model.connection)}`,
    `${model.concurrency} in flight${describeArrival(model, load, unit)}, ${model.attempts - 1} retries`,
    ...describeConnection(model.connection),
    describeTimeouts(model),
  ];
}

function describeTimeouts({ timeouts }: ServiceModelPlan): string {
  const limit = (name: string, ms: number) => `${name} ${ms === 0 ? 'unlimited' : `${ms / 1000} s`}`;
  return `time-outs: ${[
    limit('connect', timeouts.connectMs),
    limit('first token', timeouts.firstTokenMs),
    limit('idle', timeouts.idleMs),
    limit('total', timeouts.totalMs),
  ].join(', ')}`;
}
