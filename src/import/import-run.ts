import { encodeExactly } from '../contract/record-codec.ts';
import { encodeTranscript } from '../contract/transcript-codec.ts';
import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';
import type { RunFolder } from '../store/run-folder.ts';
import { TaskReader } from './read-task.ts';
import { settingsOf, type TaskSettings } from './settings.ts';
import type { SourceTask } from './source.ts';

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

interface Setting {
  readonly folder: RunFolder;
  /** The variables of the config that the run wrote down, where it is there. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly redact: Redactor;
}

/** Writes a task of AISBench's that was looked at into our folder, and closes it. */
export async function importTask(
  reader: TaskReader,
  { folder, config, redact }: Setting,
): Promise<ImportedTask> {
  const { source } = reader;
  const settings = settingsOf(source, reader.facts, config);
  const files = new TaskFiles(folder, source, redact);
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
class TaskFiles {
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
