import { plural } from '../../basics/plural.ts';
import type { DatasetPlan, LoadSettings, ModelPlan, Plan, ServiceModelPlan } from '../../config/plan.ts';
import type { Task } from '../../sending/prepare.ts';
import { caseCount, requestCount } from '../../sending/shape.ts';
import { maskSecrets } from '../../store/redact.ts';
import { ownCodeOf } from '../class-code.ts';
import { describeArrival } from './describe-arrival.ts';
import { connectionAsData, describeConnection, describeServers } from './describe-connection.ts';

/** Names of datasets in a note, before the rest is counted. */
const NAMES_SHOWN = 3;

/** The plan as it is kept with the results: plain data, secrets masked, every value with its origin. */
export async function planAsData({ models, datasets, ...plan }: Plan): Promise<unknown> {
  return {
    ...(maskSecrets(plan) as object),
    models: await Promise.all(models.map(modelAsData)),
    datasets: await Promise.all(datasets.map(datasetAsData)),
  };
}

async function datasetAsData({ dataset, origins, judge, ...rest }: DatasetPlan): Promise<object> {
  const shown = maskSecrets(rest) as object;
  const judged = judge === undefined ? {} : { judge: await modelAsData(judge.model) };
  return { ...shown, ...judged, class: dataset.name, origins };
}

async function modelAsData(model: ModelPlan): Promise<object> {
  const { modelClass, origins, fields: _ofConfig, ...values } = model;
  const code = await ownCodeOf(modelClass);
  // Origins say where a key came from, never the key.
  const known = { class: modelClass.name, ...(code === undefined ? {} : { code }), origins };
  if (model.attr === 'local') return { ...(maskSecrets(values) as object), ...known };
  const { headers: _filledIn, ...options } = model.options;
  const shown = maskSecrets({ ...values, options }) as object;
  return { ...shown, connection: connectionAsData(model.connection), ...known };
}

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

/** What is worth knowing before the tasks run; what is true of several is said once, with their names. */
export function notesOn(tasks: readonly Task[]): string[] {
  const notes = tasks.flatMap((task) => task.notes);
  const texts = new Set(notes.map(({ text }) => text));
  return [...texts].map((text) => {
    const names = [...new Set(notes.filter((note) => note.text === text).map(({ about }) => about))];
    const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
    return `${names.slice(0, NAMES_SHOWN).join(', ')}${more}: ${text}`;
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
