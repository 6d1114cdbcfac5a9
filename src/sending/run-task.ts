import type { CallRef, FailedRecord, RunRecord, Transcript } from '../contract/record.ts';
import { atOnce } from '../load/pacer.ts';
import { closedLoop, runLoad, type StopSwitch } from '../load/scheduler.ts';
import { globalNumber, wholeLoad } from '../load/stripe.ts';
import type { LiveFigures } from '../metrics/live.ts';
import type { Clock } from '../transport/types.ts';
import type { RunControl, StopReason } from './control.ts';
import { loadPlan, ONE_PASS, plannedSamples, type TaskLoad } from './load-plan.ts';
import { withMedia } from './media.ts';
import type { SendRequest } from './model-request.ts';
import { type Service, sendRequest } from './send-request.ts';
import { requestCount, type SampleRun, sampleAt, sampleCount, type TaskSamples } from './shape.ts';
import { NO_WARMUP, type Warmup } from './warm-up.ts';

/** Nothing more is sent to a service that answered nothing while this many samples failed. */
export const GIVE_UP_AFTER = 20;

/** Counters of the running load, for the progress line: samples, each a prompt, a dialogue or a choice. */
export interface TaskProgress {
  /** Absent where only time ends the load. */
  readonly total?: number;
  done: number;
  /** Samples with a failed request. */
  failed: number;
  inFlight: number;
  /** Tokens of the requests that are done. */
  outputTokens: number;
  /** On the run's clock, ms. */
  readonly startedAt: number;
  /** What else is known of the load while it goes on. */
  readonly live?: LiveFigures;
}

/** Requests of a load. */
export interface LoadOutcome {
  /** Requests of all samples when none breaks off; undefined where only time ends the load. */
  readonly planned: number | undefined;
  readonly sent: number;
  readonly stopped: StopReason | undefined;
  /** Load workers that died, in words; their records up to then are kept. */
  readonly lost?: readonly string[];
}

export interface RecordSink {
  record(record: RunRecord): void;
  transcript(transcript: Transcript): void;
  /**
   * It gets nothing of a sample before the sample is over, and then transcripts before records: where it has kept a record, the
   * whole sample is there and need not be sent again.
   */
  readonly keepsWholeSamples?: boolean;
  /** A sample is over and all its records were passed on; `isBrokenOff`: the run was stopped before its last request had ended. */
  sampleOver?(n: number, isBrokenOff: boolean): void;
}

/** What answers the requests of a model: a service, or a model in this process. */
export interface ModelClient {
  readonly clock: Clock;
  /** Chooses the server of a sample, until the sample is over and releases it. */
  open(ref: CallRef): { readonly ask: SendRequest; release(): void };
}

/** Answers through a service; a failed request is sent again, `attempts` times in all at most. */
export function serviceClient(service: Service, attempts: number): ModelClient {
  const { wire } = service;
  return {
    clock: wire.clock,
    open: (ref) => {
      const target = service.pick(ref);
      return {
        ask: withMedia(
          (call, scheduled) => sendRequest(target, call, wire, { attempts, scheduled }),
          wire.clock,
        ),
        release: () => target.release(),
      };
    },
  };
}

/** Sends the samples of a task, or this process's part of them, and passes each record and transcript on as it comes. */
export async function runTask(
  source: TaskSamples,
  answerer: ModelClient,
  sink: RecordSink,
  control: RunControl,
  progress: TaskProgress,
  load: TaskLoad = ONE_PASS,
): Promise<LoadOutcome> {
  const { stripe = wholeLoad(source.model.concurrency) } = load;
  const stop = control.newSwitch();
  const requests = { sent: 0, succeeded: 0 };
  const direct: SampleSink = {
    transcript: sink.transcript,
    record: (record) => {
      sink.record(record);
      requests.sent += 1;
      if (record.outcome === 'failed') return;
      requests.succeeded += 1;
      progress.outputTokens += record.outputTokens?.value ?? 0;
    },
    over: () => {},
  };
  const { shape } = source;
  const holdsBack = sink.keepsWholeSamples || shape.isOpenEnded;
  let gaveUp = false;
  let brokenOff = 0;
  const send = async (n: number, scheduled: number): Promise<void> => {
    progress.inFlight += 1;
    const { record, transcript, over } = holdsBack ? wholeSample(direct, shape.isOpenEnded) : direct;
    const setting = { answerer, stop, take: record, tell: transcript };
    let end: SampleEnd | undefined;
    try {
      end = await runSample(sampleAt(source, n), scheduled, setting);
    } finally {
      over(end?.isBrokenOff ?? true);
    }
    // A request whose next attempt was given up failed for the reason of the one before.
    const isBrokenOff = end.isBrokenOff || (end.failed && control.signal.aborted);
    sink.sampleOver?.(n, isBrokenOff);
    if (isBrokenOff) brokenOff += 1;
    if (end.failed) progress.failed += 1;
    progress.inFlight -= 1;
    progress.done += 1;
    if (requests.succeeded === 0 && progress.failed >= GIVE_UP_AFTER) {
      gaveUp = true;
      stop.stop();
    }
  };
  const plan = loadPlan(source, load, { clock: answerer.clock, stop });
  const sendOwn = (k: number, scheduled: number) => send(globalNumber(stripe, k), scheduled);
  const loading = load.pull?.(send, stop) ?? runLoad(plan, sendOwn);
  const begun = await loading.finally(() => control.release(stop));
  const isWhole = begun === plan.count && brokenOff === 0;
  const stopped = isWhole ? undefined : whyStopped(control, gaveUp, load);
  return { planned: plannedRequests(source, load), sent: requests.sent, stopped };
}

/** Why a load is not whole; undefined where its time was over. */
function whyStopped(control: RunControl, gaveUp: boolean, { turn }: TaskLoad): StopReason | undefined {
  if (control.interrupted) return control.reason;
  if (gaveUp) return 'gave-up';
  // Loads that share slots are ended by the one among them that broke.
  return turn === undefined ? undefined : 'interrupted';
}

/** Takes the records and transcripts of one sample, until it is over. */
type SampleSink = Pick<RecordSink, 'record' | 'transcript'> & { over(isBrokenOff: boolean): void };

/** Holds back the records and transcripts of a sample until it is over; of an open-ended one the number of its turns is known then, at least one more where it was broken off. */
function wholeSample({ record, transcript }: SampleSink, isOpenEnded = false): SampleSink {
  const records: RunRecord[] = [];
  const transcripts: Transcript[] = [];
  return {
    record: (one) => records.push(one),
    transcript: (one) => transcripts.push(one),
    over: (isBrokenOff) => {
      for (const one of transcripts) transcript(one);
      const turns = records.length + (isBrokenOff ? 1 : 0);
      for (const one of records) record(isOpenEnded ? { ...one, call: { ...one.call, turns } } : one);
    },
  };
}

/** Requests of the whole load; undefined where only time ends it, or its samples find out as they go. */
export function plannedRequests(
  source: TaskSamples,
  { settings }: Pick<TaskLoad, 'settings'>,
): number | undefined {
  if (source.shape.isOpenEnded) return undefined;
  const cases = plannedSamples(source, settings);
  const [all, requests] = [sampleCount(source), requestCount(source)];
  if (cases === all) return requests;
  // Of dialogues only whole passes are known beforehand: they differ in their turns.
  return Number.isFinite(cases) && all === requests ? cases : undefined;
}

interface SampleOptions {
  readonly answerer: ModelClient;
  /** Nothing more is sent once it is thrown: a dialogue ends with the turn that is in flight. */
  readonly stop: StopSwitch;
  readonly take: (record: RunRecord) => void;
  readonly tell: (transcript: Transcript) => void;
}

interface SampleEnd {
  /** One of its requests failed. */
  readonly failed: boolean;
  /** The run was stopped before its last request had ended. */
  readonly isBrokenOff: boolean;
}

/** Runs a sample against the one target that is picked for it. */
async function runSample(one: SampleRun, scheduled: number, setting: SampleOptions): Promise<SampleEnd> {
  const { answerer, stop, take, tell } = setting;
  const target = answerer.open(one.ref);
  const end = { failed: false, isBrokenOff: false };
  const askTarget: SendRequest = async (call, due) => {
    const answer = stop.stopped ? undefined : await target.ask(call, due);
    if (answer === undefined) {
      end.isBrokenOff = true;
      return undefined;
    }
    const { record } = answer;
    take(record);
    if (record.outcome === 'failed') {
      end.failed = true;
      end.isBrokenOff ||= record.failure.kind === 'cancelled';
    }
    return answer;
  };
  const fail = (record: FailedRecord): void => {
    take(record);
    end.failed = true;
  };
  try {
    await one.run(scheduled, askTarget, tell, { clock: answerer.clock, fail });
  } finally {
    target.release();
  }
  return end;
}

/** Further samples that a warm-up tries where every answer was empty. */
const MORE_AFTER_SILENCE = 3;

/** Sends `count` samples that are not part of the result, round and round; a few more where the model had nothing to say to any. */
export async function warmUp(
  source: TaskSamples,
  answerer: ModelClient,
  count: number,
  control: RunControl,
): Promise<Warmup> {
  let answered = 0;
  let silent = 0;
  const failures: FailedRecord[] = [];
  const available = sampleCount(source);
  if (available === 0 || count === 0) return NO_WARMUP;
  const stop = control.newSwitch();
  const take = (record: RunRecord): void => {
    if (record.outcome === 'failed') failures.push(record);
    else answered += 1;
  };
  const tell = (transcript: Transcript): void => {
    if (isSilence(transcript)) silent += 1;
  };
  const send = async (n: number, scheduled: number): Promise<void> => {
    await runSample(sampleAt(source, n % available), scheduled, { answerer, stop, take, tell });
  };
  const { concurrency } = source.model;
  const loop = closedLoop(concurrency, atOnce());
  const durationMs = Number.POSITIVE_INFINITY;
  const load = runLoad({ loop, concurrency, count, durationMs, clock: answerer.clock, stop }, send);
  const all = Math.min(available, count + MORE_AFTER_SILENCE);
  const more = async () => {
    for (let n = count; n < all && answered === 0 && silent > 0 && !stop.stopped; n++)
      await send(n, answerer.clock());
  };
  await load.then(more).finally(() => control.release(stop));
  return { answered, failures, silent };
}

/** A load test refuses an empty answer, though the model may have ended it by itself. */
function isSilence({ failure, finishReason }: Transcript): boolean {
  return failure?.kind === 'bad-reply' && finishReason !== undefined;
}
