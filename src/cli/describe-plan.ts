import type { LoadSettings, ModelPlan, Plan, ServiceModelPlan } from '../config/plan.ts';
import type { Task } from '../run/prepare.ts';
import { caseCount, requestCount } from '../run/shape.ts';
import { maskSecrets } from '../store/redact.ts';
import { describeArrival } from './describe-arrival.ts';
import { connectionAsData, describeConnection, describeServers } from './describe-connection.ts';

/** The plan as it is kept with the results: plain data, secrets masked, every value with its origin. */
export function planAsData({ models, datasets, ...plan }: Plan): unknown {
  return {
    ...(maskSecrets(plan) as object),
    models: models.map(modelAsData),
    datasets: datasets.map(({ dataset, origins, judge, ...rest }) => ({
      ...(maskSecrets(rest) as object),
      ...(judge === undefined ? {} : { judge: modelAsData(judge.model) }),
      class: dataset.name,
      origins,
    })),
  };
}

function modelAsData(model: ModelPlan): object {
  const { modelClass, origins, fields: _ofConfig, ...values } = model;
  const known = { class: modelClass.name, origins }; // Says where a key came from, never the key.
  if (model.attr === 'local') return { ...(maskSecrets(values) as object), ...known };
  const { headers: _filledIn, ...options } = model.options;
  const shown = maskSecrets({ ...values, options }) as object;
  return { ...shown, connection: connectionAsData(model.connection), ...known };
}

/** What is about to happen, in lines that fit a terminal; every limit that can end a request is named. */
export function describeTask({ model, dataset, source }: Task, load: LoadSettings): string[] {
  const [cases, total] = [caseCount(source), requestCount(source)];
  const inCases = cases === total ? '' : ` in ${cases} cases`;
  const requests = `${model.abbr} × ${dataset.abbr}: ${total} requests${inCases}`;
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
