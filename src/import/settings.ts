/** What a run's own files tell about how it was made. */
import type { TaskFacts } from './read-task.ts';
import { readJsonOf, readTextOf, type SourceTask } from './source.ts';

type Table = Readonly<Record<string, unknown>>;

export interface TaskSettings {
  /** `batch_size`; absent where neither config nor report is there. */
  readonly concurrency?: number;
  /** Requests a second that were asked for; absent in a closed loop, and where no config is there. */
  readonly ratePerSecond?: number;
  readonly streamed: boolean;
  /** `eval_cfg` of the dataset config, as written. */
  readonly evaluation?: unknown;
  /** `GenInferencer`, `PPLInferencer`, … */
  readonly inferencer?: string;
}

/** Below this AISBench does not pace. */
const SLOWEST_RATE = 0.1;

/** `config`: the variables of the config that the run wrote down, where it is there. */
export function settingsOf(task: SourceTask, facts: TaskFacts, config: Table | undefined): TaskSettings {
  const model = named(config?.['models'], task.model);
  const dataset = named(config?.['datasets'], task.dataset);
  const concurrency = numberIn(model, 'batch_size') ?? reportedConcurrency(task);
  const rate = numberIn(model, 'request_rate') ?? 0;
  const inferencer = shortName(tableIn(tableIn(dataset, 'infer_cfg'), 'inferencer')?.['type']);
  return {
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(rate < SLOWEST_RATE ? {} : { ratePerSecond: rate }),
    streamed: wasStreamed(task, facts, model),
    ...(dataset?.['eval_cfg'] === undefined ? {} : { evaluation: shortNames(dataset['eval_cfg']) }),
    ...(inferencer === undefined ? {} : { inferencer }),
  };
}

/** As the config says, else as AISBench's own report shows, else as the time points look. */
function wasStreamed({ performance }: SourceTask, { mostPoints }: TaskFacts, model?: Table): boolean {
  if (mostPoints > 2) return true;
  if (model !== undefined) return model['stream'] !== false;
  return performance.csv !== undefined && /^TTFT,/m.test(readTextOf(performance.csv));
}

function reportedConcurrency({ performance }: SourceTask): number | undefined {
  if (performance.json === undefined) return undefined;
  const report = readJsonOf(performance.json);
  return numberIn(tableIn(tableOf(report), 'Max Concurrency'), 'total');
}

/** Configs that AISBench writes down name classes by their whole path: the last part is the name. */
function shortNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortNames);
  const table = tableOf(value);
  if (table === undefined) return value;
  return Object.fromEntries(
    Object.entries(table).map(([key, inner]) => [
      key,
      key === 'type' ? (shortName(inner) ?? inner) : shortNames(inner),
    ]),
  );
}

function shortName(name: unknown): string | undefined {
  return typeof name === 'string' ? name.split('.').at(-1) : undefined;
}

function named(list: unknown, abbr: string): Table | undefined {
  const entries = Array.isArray(list) ? list.map(tableOf) : [];
  return entries.find((entry) => entry?.['abbr'] === abbr);
}

function numberIn(table: Table | undefined, key: string): number | undefined {
  const value = table?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function tableIn(table: Table | undefined, key: string): Table | undefined {
  return tableOf(table?.[key]);
}

function tableOf(value: unknown): Table | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : undefined;
}
