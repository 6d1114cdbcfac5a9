import type { Plan, ServiceModelPlan } from '../config/plan.ts';
import { baseUrlOf } from '../models/base-api-model.ts';
import { callCount } from '../run/calls.ts';
import type { Task } from '../run/prepare.ts';
import { maskSecrets } from '../store/redact.ts';

/** The plan as it is kept with the results: plain data, secrets masked, every value with its origin. */
export function planAsData({ models, datasets, ...plan }: Plan): unknown {
  return {
    ...(maskSecrets(plan) as object),
    models: models.map(({ modelClass, origins, ...model }) => ({
      ...(maskSecrets(model) as object),
      class: modelClass.name,
      origins, // Says where a key came from, never the key.
    })),
    datasets: datasets.map(({ dataset, origins, ...rest }) => ({
      ...(maskSecrets(rest) as object),
      class: dataset.name,
      origins,
    })),
  };
}

/** What is about to happen, in lines that fit a terminal; every limit that can end a request is named. */
export function describeTask({ model, dataset, source }: Task): string[] {
  const rate = model.ratePerSecond >= 0.1 ? `, ${model.ratePerSecond} requests/s` : '';
  return [
    `${model.abbr} × ${dataset.abbr}: ${callCount(source)} requests to ${baseUrlOf(model.options)}`,
    `${model.concurrency} in flight${rate}, ${model.attempts - 1} retries`,
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
