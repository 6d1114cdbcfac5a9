/** A task whose samples are taken one by one from a queue, instead of being divided into stripes beforehand. */

import type { Failure, RunRecord } from '../contract/record.ts';
import { encodeRecord, encodeTranscript } from '../contract/record-codec.ts';
import { AdaptiveLimit, PulledLoad } from '../load/scheduler.ts';
import { type Redactor, redactJson } from '../store/redact.ts';
import type { RunControl } from './control.ts';
import { ONE_PASS } from './load-plan.ts';
import { type LoadOutcome, type ModelClient, runTask, type TaskProgress } from './run-task.ts';
import type { TaskSamples } from './shape.ts';

/** The result of one sample, as lines of the run's files; secrets are masked. */
export interface SampleResult {
  /** Number of the sample in its task. */
  readonly n: number;
  readonly transcripts: readonly string[];
  readonly records: readonly string[];
}

interface PulledTaskOptions {
  /** The worker that sends, as reports name it. */
  readonly worker: string;
  /** Largest number of samples in flight. */
  readonly slots: number;
  readonly control: RunControl;
  readonly progress: TaskProgress;
  readonly redact: Redactor;
  /** Requests so many more samples. */
  readonly want: (samples: number) => void;
  /** Receives the result of a sample, ok or failed; a sample that was broken off has none. */
  readonly answered: (result: SampleResult) => void;
}

/** So long after the last sample arrived, the batch starts without the rest. */
const GATHERED_WITHIN_MS = 20;

/** Sends samples as they arrive, as many at once as the service bears. */
export class PulledTask {
  /** What was sent, when the queue has ended or the run was stopped. */
  readonly finished: Promise<LoadOutcome>;
  /** The fewest samples in flight to which time-outs, 429 or 5xx led; undefined where there were none. */
  leastSlots: number | undefined;
  readonly #limit: AdaptiveLimit;
  #load: PulledLoad | undefined;
  /** What is sent in one turn is one batch of a local model: samples wait here for those that were requested with them. */
  readonly #arrived: number[] = [];
  readonly #isBatched: boolean;
  #wanted = 0;
  #gathering: NodeJS.Timeout | undefined;

  constructor(source: TaskSamples, answerer: ModelClient, options: PulledTaskOptions) {
    const { slots, control, progress } = options;
    this.#isBatched = source.model.attr === 'local';
    const want = (samples: number): void => {
      this.#wanted += samples;
      options.want(samples);
    };
    this.#limit = new AdaptiveLimit(slots);
    const limit = this.#limit;
    this.finished = runTask(source, answerer, this.#sink(options), control, progress, {
      ...ONE_PASS,
      pull: (send, stop) => {
        const plan = { slots: () => limit.slots, want, clock: answerer.clock, stop };
        this.#load = new PulledLoad(plan, send);
        return this.#load.finished;
      },
    });
  }

  /** Changes the largest number of samples in flight. */
  share(slots: number): void {
    this.#limit.ceiling = slots;
    this.#load?.fill();
  }

  /** Takes a sample that was requested. */
  take(n: number): void {
    this.#wanted -= 1;
    this.#arrived.push(n);
    clearTimeout(this.#gathering);
    if (this.#isBatched && this.#wanted > 0)
      this.#gathering = setTimeout(() => this.#handOn(), GATHERED_WITHIN_MS);
    else this.#handOn();
  }

  /** Ends the task: the queue has no more samples. */
  end(): void {
    this.#handOn();
    this.#load?.end();
  }

  #handOn(): void {
    for (const n of this.#arrived.splice(0)) this.#load?.take(n);
  }

  #sink({ worker, redact, answered }: PulledTaskOptions): Parameters<typeof runTask>[2] {
    let records: string[] = [];
    let transcripts: string[] = [];
    return {
      keepsWholeSamples: true,
      transcript: (one) => transcripts.push(redactJson(encodeTranscript(one), redact)),
      record: (one) => {
        records.push(redactJson(encodeRecord({ ...one, worker }), redact));
        this.#learn(one);
      },
      sampleOver: (n, isBrokenOff) => {
        if (!isBrokenOff) answered({ n, transcripts, records });
        records = [];
        transcripts = [];
      },
    };
  }

  #learn(record: RunRecord): void {
    const { sent, done } = record.times;
    if (sent === undefined || done === undefined) return;
    const failures = record.outcome === 'ok' ? record.earlier : [...record.earlier, record.failure];
    const inTrouble = failures.some(isTrouble);
    this.#limit.learn({ sent, done, isTrouble: inTrouble });
    if (inTrouble) this.leastSlots = Math.min(this.leastSlots ?? Number.POSITIVE_INFINITY, this.#limit.slots);
  }
}

/** Returns whether fewer requests at once may help: time-outs, "too many requests", and errors of the service. */
function isTrouble({ kind, status = 0 }: Failure): boolean {
  return kind === 'timeout' || (kind === 'http-status' && (status === 429 || status >= 500));
}
