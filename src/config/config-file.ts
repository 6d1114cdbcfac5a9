/** What a config file that holds everything may say beside models, datasets and summarizer, as AISBench means it. */

import { defined } from '../basics/defined.ts';
import { editDistance } from '../basics/nearest.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { LoadedConfig } from './load.ts';
import { RUN_THERE, whatIsMissing } from './missing.ts';
import type { Plan } from './plan.ts';

type Pairs = NonNullable<Plan['pairs']>;

export interface Sections {
  readonly workDir?: string;
  /** Absent: every model on every dataset. */
  readonly pairs?: Pairs;
  readonly findings: readonly Finding[];
}

/** Tasks that this tool does itself. */
const OWN_TASKS = new Set(['OpenICLInferTask', 'OpenICLApiInferTask', 'OpenICLEvalTask']);

/** Sections of AISBench's that change nothing here. */
const IDLE = ['attack', 'response_anomaly'];

/** What such a file may say. */
const KNOWN = [
  ...['models', 'datasets', 'summarizer', 'work_dir', 'infer', 'eval', 'model_dataset_combinations'],
  ...IDLE,
];

/** Throws UTILS-CFG-002 for what would be run otherwise than the file says. */
export function sectionsOf(loaded: LoadedConfig): Sections {
  const { values } = loaded;
  refuseMisspelling(loaded);
  const pairs = pairsOf(loaded);
  const tasks = (['infer', 'eval'] as const).flatMap((name) => tasksInTurn(loaded, name));
  const idle = IDLE.filter((key) => Boolean(values[key])).map((section) =>
    finding('SECTION-UNUSED', { section }),
  );
  const sections = { findings: [...tasks, ...idle], ...defined({ pairs }) };
  const workDir = values['work_dir'];
  if (workDir === undefined || workDir === null) return sections;
  if (typeof workDir === 'string' && workDir !== '') return { ...sections, workDir };
  throw wrong(loaded, ['work_dir'], 'work_dir is no path', 'write the folder of the results as a text');
}

/** Data may hold keys of its own, for anchors say, but one that is a slip away from a section that the file lacks was meant to be it. */
function refuseMisspelling(loaded: LoadedConfig): void {
  if (!/\.(ya?ml|json)$/i.test(loaded.path)) return;
  const keys = Object.keys(loaded.values);
  const absent = KNOWN.filter((known) => !keys.includes(known));
  for (const key of keys) {
    if (KNOWN.includes(key)) continue;
    const meant = absent.find((known) => editDistance(key, known) <= (known.length > 6 ? 2 : 1));
    if (meant !== undefined)
      throw wrong(loaded, [key], `the file has no use for "${key}"`, `did you mean "${meant}"?`);
  }
}

/** `{ partitioner, runner: { type, task: { type } } }`: how work is spread is this tool's own. */
function tasksInTurn(loaded: LoadedConfig, name: 'infer' | 'eval'): Finding[] {
  const section = loaded.values[name];
  if (section === undefined || section === null) return [];
  const type = memberOf(memberOf(memberOf(section, 'runner'), 'task'), 'type');
  if (typeof type === 'string' && !OWN_TASKS.has(type)) {
    const keys = [name, 'runner', 'task'];
    const missing = whatIsMissing('tasks', type) ?? 'this version runs no tasks of other kinds';
    throw wrong(loaded, keys, `${keys.join('.')} is ${type}: ${missing}`, RUN_THERE);
  }
  return [finding('TASKS-IN-TURN', { section: name })];
}

/** `model_dataset_combinations`: groups of models and datasets that are run on each other, and nothing else. */
function pairsOf(loaded: LoadedConfig): Pairs | undefined {
  const key = 'model_dataset_combinations';
  const groups = loaded.values[key];
  if (groups === undefined || groups === null) return undefined;
  const pairs = new Map<string, Pairs[number]>();
  for (const group of asList(groups)) {
    for (const model of known(group, 'models', loaded))
      for (const dataset of known(group, 'datasets', loaded))
        pairs.set(JSON.stringify([model, dataset]), [model, dataset]);
  }
  if (pairs.size > 0) return [...pairs.values()];
  throw wrong(
    loaded,
    [key],
    `${key} leaves nothing to run`,
    'write groups { models, datasets }, or leave it out',
  );
}

/** The abbrs of a group's models or datasets, each of which the file's own list must hold. */
function known(group: unknown, kind: 'models' | 'datasets', loaded: LoadedConfig): string[] {
  const all = new Set(abbrsIn(loaded.values, kind));
  const abbrs = abbrsIn(group, kind);
  const stranger = abbrs.find((abbr) => !all.has(abbr));
  if (stranger === undefined) return abbrs;
  const what = `model_dataset_combinations names "${stranger}", which the list ${kind} does not hold`;
  throw wrong(loaded, ['model_dataset_combinations'], what, `add it to ${kind}, or correct its abbr`);
}

function abbrsIn(holder: unknown, kind: string): string[] {
  return asList(memberOf(holder, kind)).map((one) => String(memberOf(one, 'abbr')));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function wrong(loaded: LoadedConfig, keys: readonly string[], message: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', message, { where: loaded.where(keys), cure });
}
