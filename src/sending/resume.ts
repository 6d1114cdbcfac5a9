/**
 * What an interrupted run has left to send. A sample is sent again unless each of its requests has an ok record and its answer
 * is there; ids are hashes of what is sent, so a sample whose prompt changed is another sample.
 */
import { plural } from '../basics/plural.ts';
import { hasStep, isLoadTest, type Mode } from '../config/modes.ts';
import type { LoadConfig } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { RunRecord, Transcript } from '../contract/record.ts';
import { lastAttempts, type OnHalfLine, readRecords, readTranscripts } from '../store/read-back.ts';
import { type Redactor, redactJson } from '../store/redact.ts';
import type { Task, TaskFiles } from './prepare.ts';
import { requestCount, type SampleRun, sampleAt, sampleCount, type TaskSamples } from './shape.ts';

/** What the sessions before left of one task. */
interface TaskResume {
  readonly left: TaskSamples;
  /** Samples that count; absent where the load repeats the data, and all count. */
  readonly ids?: ReadonlySet<string>;
  /** Cases that are in the files and not in the plan. */
  readonly strange: number;
  /** Some of it was sent before, and some is sent now. */
  readonly continued: boolean;
}

export interface Resume {
  readonly tasks: ReadonlyMap<Task, TaskResume>;
  /** The last moment on the clock of the sessions before, ms: this one goes on counting from there. */
  readonly lastEnd: number;
  /** When each session after the first began, ms on the same clock, ascending. */
  readonly sessions?: readonly number[];
}

interface ResumeOptions {
  readonly mode: Mode;
  readonly load: LoadConfig;
  readonly filesOf: (task: Task) => TaskFiles;
  readonly redact: Redactor;
  readonly onHalfLine?: OnHalfLine;
  /** Another tool made the run: its ids are no hashes of ours, all of it counts, and nothing is left to send. */
  readonly imported?: boolean;
}

/**
 * Reads what was answered. Throws RUN-DATA-001 with file and line where a file is broken before its last line, and
 * RUN-PARAM-001 for a load test that cannot go on where it stopped.
 */
export async function readResume(tasks: readonly Task[], setting: ResumeOptions): Promise<Resume> {
  const found = new Map<Task, TaskResume>();
  let lastEnd = 0;
  for (const task of tasks) {
    const stored = await readStored(setting.filesOf(task), setting.onHalfLine);
    lastEnd = Math.max(lastEnd, stored.lastEnd);
    const isDone = isLoadTest(setting.mode) ? wasMeasured(stored) : wasAnswered(stored, setting.redact);
    const resume = setting.imported ? allOf(task.source, stored) : compare(task.source, stored, isDone);
    const goesOn = isLoadTest(setting.mode) && hasStep(setting.mode, 'ask');
    if (goesOn && stored.records.size > 0) requireContinuable(task, resume, setting.load);
    const { ids: _ofOneLap, ...allLaps } = { ...resume, strange: 0 };
    found.set(task, setting.load.cycle ? allLaps : resume);
  }
  return { tasks: found, lastEnd };
}

/** Last attempts of the cases in the files. */
interface Stored {
  readonly records: ReadonlyMap<string, StoredRecords>;
  readonly answers: ReadonlyMap<string, StoredAnswers>;
  readonly lastEnd: number;
}

interface StoredRecords {
  ok: number;
  failed: number;
  cancelled: number;
  /** The requests are the labels of a choice, which make one answer together. */
  labels: boolean;
  /** Turns of the dialogue, where the records say so. */
  turns: number | undefined;
}

interface StoredAnswers {
  ok: number;
  failed: number;
  /** Reference of the first answer, as JSON. */
  gold: string;
}

async function readStored(files: TaskFiles, onHalfLine: OnHalfLine | undefined): Promise<Stored> {
  const records = new Map<string, StoredRecords>();
  let lastEnd = 0;
  // Read twice; the half line is reported once.
  const tell = onHalfLine && once(onHalfLine);
  for await (const record of lastAttempts(() => readRecords(files.records, tell))) {
    const { id, label, turns } = record.call;
    const entry = entryOf(records, id, () => ({
      ok: 0,
      failed: 0,
      cancelled: 0,
      labels: false,
      turns: undefined,
    }));
    entry[outcomeOf(record)] += 1;
    entry.labels ||= label !== undefined;
    entry.turns = turns;
    lastEnd = Math.max(lastEnd, endOf(record));
  }
  const answers = new Map<string, StoredAnswers>();
  const tellOther = onHalfLine && once(onHalfLine);
  for await (const transcript of lastAttempts(() => readTranscripts(files.predictions, tellOther))) {
    const entry = entryOf(answers, transcript.call.id, () => ({
      ok: 0,
      failed: 0,
      gold: goldOf(transcript),
    }));
    entry[transcript.success ? 'ok' : 'failed'] += 1;
  }
  return { records, answers, lastEnd };
}

function once(tell: OnHalfLine): OnHalfLine {
  let told = false;
  return (where) => {
    if (!told) tell(where);
    told = true;
  };
}

function entryOf<T>(entries: Map<string, T>, id: string, make: () => T): T {
  const found = entries.get(id) ?? make();
  entries.set(id, found);
  return found;
}

function outcomeOf(record: RunRecord): 'ok' | 'failed' | 'cancelled' {
  if (record.outcome === 'ok') return 'ok';
  return record.failure.kind === 'cancelled' ? 'cancelled' : 'failed';
}

function endOf({ times: { scheduled = 0, sent = 0, done = 0 } }: RunRecord): number {
  return Math.max(scheduled, sent, done);
}

function goldOf({ gold }: Pick<Transcript, 'gold'>): string {
  return JSON.stringify([gold ?? null]);
}

/** Whether a sample that makes `requests` requests (undefined: as many as its records say) need not be sent again. */
type IsDone = (one: SampleRun, requests: number | undefined) => boolean;

/** Each request was answered and the answers are there, beside the reference that the dataset still has. */
function wasAnswered({ records, answers }: Stored, redact: Redactor): IsDone {
  return ({ ref: { id }, first }, requests) => {
    const [record, answer] = [records.get(id), answers.get(id)];
    if (record === undefined || answer === undefined) return false;
    // A dialogue of the user's own may go on after a failed request, and makes one answer of them all.
    const sent = requests === undefined ? record.ok + record.failed : record.ok;
    const expected = record.labels || requests === undefined ? 1 : requests;
    return (
      sent === (requests ?? record.turns) &&
      answer.failed === 0 &&
      answer.ok === expected &&
      answer.gold === redactJson(goldOf(first), redact)
    );
  };
}

/** A failure under load is a result; only what was never sent, or given up, is missing. */
function wasMeasured({ records }: Stored): IsDone {
  return ({ ref: { id } }, requests) => {
    const record = records.get(id);
    if (record === undefined || record.cancelled > 0) return false;
    return record.ok === (requests ?? record.turns) || record.failed > 0;
  };
}

function allOf(source: TaskSamples, { records, answers }: Stored): Required<TaskResume> {
  const ids = new Set([...records.keys(), ...answers.keys()]);
  return { left: { ...source, only: [] }, ids, strange: 0, continued: false };
}

function compare(source: TaskSamples, { records, answers }: Stored, isDone: IsDone): Required<TaskResume> {
  const ids = new Set<string>();
  const only: number[] = [];
  for (let n = 0; n < sampleCount(source); n++) {
    const one = sampleAt(source, n);
    ids.add(one.ref.id);
    const requests = source.shape.isOpenEnded ? undefined : requestCount({ ...source, only: [n] });
    if (!isDone(one, requests)) only.push(n);
  }
  const strange = [...new Set([...records.keys(), ...answers.keys()])].filter((id) => !ids.has(id));
  const continued = only.length > 0 && records.size > 0;
  return { left: { ...source, only }, ids, strange: strange.length, continued };
}

/** What is left of a load that time ends, or whose requests have times of their own, is not known or is due at no time. */
function requireContinuable({ model, dataset, source }: Task, { left }: TaskResume, load: LoadConfig): void {
  const [missing, total] = [sampleCount(left), sampleCount(source)];
  if (missing === 0) return;
  const timed = load.durationMs !== undefined || load.cycle || load.cases !== undefined;
  if (!timed && source.timestamps === undefined) return;
  const why = timed
    ? `${load.cases === undefined ? 'time' : 'a number'} ends it, not its cases`
    : 'its requests are due at times of their own';
  throw new AisBenchError('RUN-PARAM-001', `this load test cannot be continued: ${why}`, {
    where: `${model.abbr} × ${dataset.abbr}: ${missing} of ${plural(total, 'case')} ${missing === 1 ? 'was' : 'were'} not measured`,
    cure: 'report what there is with --mode perf_viz --reuse, or run it anew without --reuse',
  });
}
