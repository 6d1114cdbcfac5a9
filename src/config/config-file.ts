/** What a config file that holds everything may say beside models, datasets and summarizer, as AISBench means it. */
import { AisBenchError } from '../errors.ts';
import type { LoadedConfig } from './load.ts';

export interface Sections {
  readonly workDir?: string;
  readonly notes: readonly string[];
}

/** Tasks that this tool does itself. */
const OWN_TASKS = new Set(['OpenICLInferTask', 'OpenICLApiInferTask', 'OpenICLEvalTask']);

/** Sections of AISBench's that change nothing here. */
const IDLE = ['attack', 'response_anomaly'];

/** Throws UTILS-CFG-002 for what would be run otherwise than the file says. */
export function sectionsOf(loaded: LoadedConfig): Sections {
  const { values } = loaded;
  checkCombinations(loaded);
  const notes = (['infer', 'eval'] as const).flatMap((name) => noteOnTasks(loaded, name));
  const idle = IDLE.filter((key) => Boolean(values[key])).map(
    (key) => `${key} has no effect in this version`,
  );
  const workDir = values['work_dir'];
  if (workDir === undefined || workDir === null) return { notes: [...notes, ...idle] };
  if (typeof workDir === 'string' && workDir !== '') return { workDir, notes: [...notes, ...idle] };
  throw wrong(loaded, ['work_dir'], 'work_dir is no path', 'write the folder of the results as a text');
}

/** `{ partitioner, runner: { type, task: { type } } }`: how work is spread is this tool's own. */
function noteOnTasks(loaded: LoadedConfig, name: 'infer' | 'eval'): string[] {
  const section = loaded.values[name];
  if (section === undefined || section === null) return [];
  const type = memberOf(memberOf(memberOf(section, 'runner'), 'task'), 'type');
  if (typeof type === 'string' && !OWN_TASKS.has(type)) {
    const keys = [name, 'runner', 'task'];
    throw wrong(
      loaded,
      keys,
      `${keys.join('.')} is ${type}, a task of its own kind, which this version does not run`,
      'leave the section out where the ordinary task will do, or run this config with AISBench',
    );
  }
  return [`${name}: partitioner and runner have no effect; every model is run on every dataset`];
}

/** Groups of models and datasets: what they leave out would be run all the same. */
function checkCombinations(loaded: LoadedConfig): void {
  const key = 'model_dataset_combinations';
  const groups = loaded.values[key];
  if (groups === undefined || groups === null) return;
  const pairs = new Set(asList(groups).flatMap((group) => pairsOf(group)));
  const left = pairsOf(loaded.values).filter((pair) => !pairs.has(pair));
  if (left.length === 0) return;
  throw wrong(
    loaded,
    [key],
    `${key} leaves out ${left.length} pair(s), e.g. ${left[0]}; this version runs every model on every dataset`,
    'make a config file of each group',
  );
}

function pairsOf(group: unknown): string[] {
  const abbrs = (key: string) => asList(memberOf(group, key)).map((one) => String(memberOf(one, 'abbr')));
  return abbrs('models').flatMap((model) => abbrs('datasets').map((dataset) => `${model} × ${dataset}`));
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
