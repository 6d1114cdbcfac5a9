import type { RunRecord } from '../contract/record.ts';
import { decodeRecord } from '../contract/record-codec.ts';
import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';
import type { Pool, QueuedOrder } from './pool.ts';
import type { SampleResult } from './pull-task.ts';
import type { RecordFiles } from './record-task.ts';
import { GIVE_UP_AFTER, type LoadOutcome, type TaskProgress } from './run-task.ts';
import { sampleCount, type TaskSamples } from './shape.ts';

interface KeeperOptions {
  readonly files: RecordFiles;
  readonly redact: Redactor;
  readonly onRecord: (record: RunRecord) => void;
}

type QueueTaskOptions = KeeperOptions &
  Omit<QueuedOrder, 'samples' | 'left' | 'concurrency' | 'isLocal' | 'stop' | 'keep' | 'flush'>;

/** Lets a pool answer the samples that a task has left, and keeps the first result of each. */
export async function queueTask(
  source: TaskSamples,
  pool: Pick<Pool, 'sendQueue'>,
  options: QueueTaskOptions,
): Promise<Omit<LoadOutcome, 'planned'>> {
  const { files, redact, onRecord, ...order } = options;
  const stop = options.control.newSwitch();
  const samples = source.only ?? Array.from({ length: sampleCount(source) }, (_, n) => n);
  const keeper = new ResultKeeper(samples, options, () => stop.stop());
  try {
    const { lost = [], stopped } = await pool.sendQueue({
      ...order,
      stop,
      samples,
      left: keeper.left,
      concurrency: source.model.concurrency,
      isLocal: source.model.attr === 'local',
      keep: (one) => keeper.keep(one),
      flush: () => keeper.flush(),
    });
    return {
      sent: keeper.sent,
      stopped: stopped ?? (keeper.hasGivenUp && keeper.left.size > 0 ? 'gave-up' : undefined),
      ...(lost.length === 0 ? {} : { lost }),
    };
  } finally {
    options.control.release(stop);
    keeper.close();
  }
}

/** Writes results to the files of a task: the first of each sample. */
class ResultKeeper {
  readonly left: Set<number>;
  /** Requests. */
  sent = 0;
  hasGivenUp = false;
  readonly #transcripts: LineAppender;
  readonly #records: LineAppender;
  readonly #progress: TaskProgress;
  readonly #onRecord: KeeperOptions['onRecord'];
  readonly #giveUp: () => void;
  #hasSucceeded = false;

  constructor(
    samples: readonly number[],
    { files, redact, onRecord, progress }: KeeperOptions & { readonly progress: TaskProgress },
    giveUp: () => void,
  ) {
    this.left = new Set(samples);
    this.#transcripts = new LineAppender(files.predictions, redact);
    this.#records = new LineAppender(files.records, redact, this.#transcripts);
    this.#progress = progress;
    this.#onRecord = onRecord;
    this.#giveUp = giveUp;
  }

  /** Reads all lines before it writes the first: a sample is in the files whole, or not at all. */
  keep({ n, transcripts, records }: SampleResult): void {
    if (!this.left.has(n)) return;
    const read = records.map((line) => decodeRecord(line, `the result of sample ${n}`));
    this.left.delete(n);
    for (const line of transcripts) this.#transcripts.append(line);
    for (const line of records) this.#records.append(line);
    for (const record of read) this.#count(record);
    const progress = this.#progress;
    progress.done += 1;
    if (read.some(({ outcome }) => outcome === 'failed')) progress.failed += 1;
    if (this.#hasSucceeded || progress.failed < GIVE_UP_AFTER) return;
    this.hasGivenUp = true;
    this.#giveUp();
  }

  flush(): void {
    this.#records.flush();
    this.#transcripts.flush();
  }

  close(): void {
    this.#records.close();
    this.#transcripts.close();
  }

  #count(record: RunRecord): void {
    this.sent += 1;
    this.#progress.live?.add(record);
    this.#onRecord(record);
    if (record.outcome === 'failed') return;
    this.#hasSucceeded = true;
    this.#progress.outputTokens += record.outputTokens?.value ?? 0;
  }
}
