import type { Plan, ServiceModelPlan } from '../config/plan.ts';
import { baseUrlOf } from '../models/base-api-model.ts';
import { callCount } from '../run/calls.ts';
import type { Task } from '../run/prepare.ts';
import { maskSecrets } from '../store/redact.ts';

/** The plan as it is kept with the results: plain data, secrets masked, every value with its origin. */
export function planAsData(plan: Plan): unknown {
  return maskSecrets({
    ...plan,
    models: plan.models.map(({ modelClass, ...model }) => ({ ...model, class: modelClass.name })),
    datasets: plan.datasets.map(({ dataset, ...rest }) => ({ ...rest, class: dataset.name })),
  });
}

/** What is about to happen, a line a task; every limit that can end a request is named. */
export function describeTask({ model, dataset, source }: Task): string {
  const rate = model.ratePerSecond >= 0.1 ? `, ${model.ratePerSecond} requests/s` : '';
  return (
    `${model.abbr} × ${dataset.abbr}: ${callCount(source)} requests to ${baseUrlOf(model.options)}, ` +
    `${model.concurrency} in flight${rate}, ${model.attempts - 1} retries, ${describeTimeouts(model)}`
  );
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
