import type { RunRecord } from '../contract/record.ts';
import { decodeRecord } from '../contract/record-codec.ts';
import { LineAppender } from '../store/append.ts';
import type { Redactor } from '../store/redact.ts';
import type { CaseCrew, QueueOrder } from './case-crew.ts';
import type { CaseAnswer } from './pull-task.ts';
import type { RecordFiles } from './record-task.ts';
import { GIVE_UP_AFTER, type LoadOutcome, type TaskProgress } from './run-task.ts';
import { type CaseSource, caseCount } from './shape.ts';

interface Keeping {
  readonly files: RecordFiles;
  readonly redact: Redactor;
  readonly onRecord: (record: RunRecord) => void;
}

type Setting = Keeping &
  Omit<QueueOrder, 'cases' | 'left' | 'concurrency' | 'isLocal' | 'stop' | 'keep' | 'flush'>;

/** Lets a crew answer the cases that a task has left, and keeps one answer of each, whoever gave it and however often. */
export async function queueTask(
  source: CaseSource,
  crew: CaseCrew,
  setting: Setting,
): Promise<Omit<LoadOutcome, 'planned'>> {
  const { files, redact, onRecord, ...given } = setting;
  const stop = setting.control.newSwitch();
  const cases = source.only ?? Array.from({ length: caseCount(source) }, (_, n) => n);
  const keeper = new AnswerKeeper(cases, setting, () => stop.stop());
  try {
    const order: QueueOrder = {
      ...given,
      stop,
      cases,
      left: keeper.left,
      concurrency: source.model.concurrency,
      isLocal: source.model.attr === 'local',
      keep: (one) => keeper.keep(one),
      flush: () => keeper.flush(),
    };
    const { lost = [], stopped } = await crew.answer(order);
    return {
      sent: keeper.sent,
      stopped: stopped ?? (keeper.hasGivenUp && keeper.left.size > 0 ? 'gave-up' : undefined),
      ...(lost.length === 0 ? {} : { lost }),
    };
  } finally {
    setting.control.release(stop);
    keeper.close();
  }
}

/** Writes answers into the files of a task: the first of each case. */
class AnswerKeeper {
  readonly left: Set<number>;
  /** Requests. */
  sent = 0;
  hasGivenUp = false;
  readonly #transcripts: LineAppender;
  readonly #records: LineAppender;
  readonly #progress: TaskProgress;
  readonly #onRecord: Keeping['onRecord'];
  readonly #giveUp: () => void;
  #hasSucceeded = false;

  constructor(
    cases: readonly number[],
    { files, redact, onRecord, progress }: Keeping & { readonly progress: TaskProgress },
    giveUp: () => void,
  ) {
    this.left = new Set(cases);
    this.#transcripts = new LineAppender(files.predictions, redact);
    this.#records = new LineAppender(files.records, redact, this.#transcripts);
    this.#progress = progress;
    this.#onRecord = onRecord;
    this.#giveUp = giveUp;
  }

  /** All lines are read before the first is kept: a case is in the files whole, or not at all. */
  keep({ n, transcripts, records }: CaseAnswer): void {
    if (!this.left.has(n)) return;
    const read = records.map((line) => decodeRecord(line, `the answer of case ${n}`));
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
