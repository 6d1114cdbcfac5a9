import type { RunRecord } from '../contract/record.ts';
import { decodeRecord } from '../contract/record-codec.ts';
import { LineAppender } from '../store/append.ts';
import { lastAttempts } from '../store/last-attempts.ts';
import { readRecords } from '../store/read-back.ts';
import type { RunFolder } from '../store/run-folder.ts';
import type { SampleResult } from './pull-task.ts';

/** The files of one task, and their contents. */
interface TaskFilesOnDisk {
  readonly transcripts: LineAppender;
  readonly records: LineAppender;
  /** Samples whose last attempt was answered: further results are dropped. */
  readonly answered: Set<string>;
  /** Attempts that failed. */
  readonly failed: Set<string>;
}

/** Adds results to the files of a run that has ended; a sample that has an answer keeps it. */
export class LateAnswers {
  readonly #folder: RunFolder;
  readonly #tasks = new Map<string, TaskFilesOnDisk>();
  /** Results that the files did not have. */
  kept = 0;

  constructor(folder: RunFolder) {
    this.#folder = folder;
  }

  /** Adds the result of a sample. Throws RUN-DATA-001 for what is no result, and for a file that is broken; RUN-FILE-001. */
  async keep({ n, transcripts, records }: SampleResult): Promise<void> {
    const read = records.map((line) => decodeRecord(line, `the result of sample ${n}`));
    const first = read[0];
    if (first === undefined) return;
    const task = await this.#taskOf(first);
    if (task.answered.has(first.call.id) || read.some((record) => task.failed.has(keyOf(record)))) return;
    note(task, read);
    for (const line of transcripts) task.transcripts.append(line);
    for (const line of records) task.records.append(line);
    this.kept += 1;
  }

  /** Writes everything that was kept. */
  close(): void {
    for (const { records, transcripts } of this.#tasks.values()) {
      records.close();
      transcripts.close();
    }
  }

  async #taskOf({ call: { model, dataset } }: RunRecord): Promise<TaskFilesOnDisk> {
    const name = JSON.stringify([model, dataset]);
    const opened = this.#tasks.get(name);
    if (opened !== undefined) return opened;
    const { redact } = this.#folder;
    const path = this.#folder.records(model, dataset);
    const transcripts = new LineAppender(this.#folder.predictions(model, dataset), redact);
    const records = new LineAppender(path, redact, transcripts);
    const task = { transcripts, records, answered: new Set<string>(), failed: new Set<string>() };
    for await (const record of lastAttempts(() => readRecords(path))) note(task, [record]);
    this.#tasks.set(name, task);
    return task;
  }
}

/** Notes the records of one attempt, one by one or all at once. */
function note({ answered, failed }: TaskFilesOnDisk, records: readonly RunRecord[]): void {
  for (const record of records) if (record.outcome === 'failed') failed.add(keyOf(record));
  const [{ call }] = records as [RunRecord];
  const isFailed = records.some(({ outcome }) => outcome === 'failed');
  if (isFailed) answered.delete(call.id);
  else answered.add(call.id);
}

/** Names an attempt: two attempts of a sample are sent at different moments. */
function keyOf({ call: { id }, times: { sent, done } }: RunRecord): string {
  return `${id} ${sent} ${done}`;
}
