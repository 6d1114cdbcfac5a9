import { defined } from '../basics/defined.ts';
import { encodeExactly, encodeTranscript } from '../contract/record-codec.ts';
import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { type ImportedFacts, TaskReader } from './read-task.ts';
import { readJson, readText, type SourceTask } from './source.ts';

/** One imported task. */
export interface ImportedTask extends TaskSettings {
  readonly model: string;
  readonly dataset: string;
  readonly source: SourceTask;
  /** Requests that are in the files, failed ones included; 0 where AISBench left no more than a result. */
  readonly requests: number;
  readonly failed: number;
  /** There are times, so there are records. */
  readonly measured: boolean;
}

/** Looks at every task, so that nothing is written where one is broken. Throws RUN-DATA-001 with file and line. */
export async function openTasks(sources: readonly SourceTask[]): Promise<TaskReader[]> {
  const readers = sources.map((source) => new TaskReader(source));
  try {
    for (const reader of readers) await reader.look();
    return readers;
  } catch (error) {
    for (const reader of readers) reader.close();
    throw error;
  }
}

interface ImportTaskOptions {
  readonly folder: RunFolder;
  /** The variables of the config that the run wrote down, where it is there. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly redact: Redactor;
}

/** Writes a task of AISBench's that was looked at into our folder, and closes it. */
export async function importTask(
  reader: TaskReader,
  { folder, config, redact }: ImportTaskOptions,
): Promise<ImportedTask> {
  const { source } = reader;
  const settings = readSettings(source, reader.facts, config);
  const files = new ImportedFiles(folder, source, redact);
  const counts = { requests: 0, failed: 0 };
  try {
    for await (const { record, transcript } of reader.read(settings.streamed)) {
      counts.requests++;
      if (!transcript.success) counts.failed++;
      if (record !== undefined) files.record(encodeExactly(record));
      files.transcript(encodeTranscript(transcript));
    }
  } finally {
    files.close();
    reader.close();
  }
  const { model, dataset, details } = source;
  return { model, dataset, source, ...settings, ...counts, measured: details !== undefined };
}

/** Record and predictions file of a task, each begun with its first line. */
class ImportedFiles {
  readonly #folder: RunFolder;
  readonly #task: SourceTask;
  readonly #redact: Redactor;
  readonly #open = new Map<string, LineAppender>();

  constructor(folder: RunFolder, task: SourceTask, redact: Redactor) {
    this.#folder = folder;
    this.#task = task;
    this.#redact = redact;
  }

  record(line: string): void {
    this.#append(this.#folder.records(this.#task.model, this.#task.dataset), line);
  }

  transcript(line: string): void {
    this.#append(this.#folder.predictions(this.#task.model, this.#task.dataset), line);
  }

  close(): void {
    for (const file of this.#open.values()) file.close();
  }

  #append(path: string, line: string): void {
    const file = this.#open.get(path) ?? new LineAppender(path, this.#redact);
    this.#open.set(path, file);
    file.append(line);
  }
}

type ConfigTable = Readonly<Record<string, unknown>>;

interface TaskSettings {
  /** `batch_size`; absent where neither config nor report is there. */
  readonly concurrency?: number;
  /** Target requests per second; absent in a closed loop, and where there is no config. */
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
function readSettings(task: SourceTask, facts: ImportedFacts, config: ConfigTable | undefined): TaskSettings {
  const model = findNamed(config?.['models'], task.model);
  const dataset = findNamed(config?.['datasets'], task.dataset);
  const concurrency = readNumber(model, 'batch_size') ?? reportedConcurrency(task);
  const rate = readNumber(model, 'request_rate') ?? 0;
  const inferencer = shortName(readTable(readTable(dataset, 'infer_cfg'), 'inferencer')?.['type']);
  return defined({
    concurrency,
    ratePerSecond: rate < SLOWEST_RATE ? undefined : rate,
    streamed: wasStreamed(task, facts, model),
    evaluation: shortNames(dataset?.['eval_cfg']),
    inferencer,
  });
}

/** As the config says, else as AISBench's own report shows, else as the time points look. */
function wasStreamed(
  { performance }: SourceTask,
  { mostPoints }: ImportedFacts,
  model?: ConfigTable,
): boolean {
  if (mostPoints > 2) return true;
  if (model !== undefined) return model['stream'] !== false;
  return performance.csv !== undefined && /^TTFT,/m.test(readText(performance.csv));
}

function reportedConcurrency({ performance }: SourceTask): number | undefined {
  if (performance.json === undefined) return undefined;
  const report = readJson(performance.json);
  return readNumber(readTable(asTable(report), 'Max Concurrency'), 'total');
}

/** Configs that AISBench writes down name classes by their whole path: the last part is the name. */
function shortNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortNames);
  const table = asTable(value);
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

function findNamed(list: unknown, abbr: string): ConfigTable | undefined {
  const entries = Array.isArray(list) ? list.map(asTable) : [];
  return entries.find((entry) => entry?.['abbr'] === abbr);
}

function readNumber(table: ConfigTable | undefined, key: string): number | undefined {
  const value = table?.[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function readTable(table: ConfigTable | undefined, key: string): ConfigTable | undefined {
  return asTable(table?.[key]);
}

function asTable(value: unknown): ConfigTable | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as ConfigTable)
    : undefined;
}
