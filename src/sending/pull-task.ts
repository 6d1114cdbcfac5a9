/** A task whose cases are handed over one by one, whoever is free taking the next, instead of being divided beforehand. */

import type { Failure, RunRecord } from '../contract/record.ts';
import { encodeRecord, encodeTranscript } from '../contract/record-codec.ts';
import { AdaptiveLimit, PulledLoad } from '../load/pull.ts';
import { type Redactor, redactJson } from '../store/redact.ts';
import type { RunControl } from './control.ts';
import { ONE_PASS } from './load-plan.ts';
import { type Answerer, type LoadOutcome, runTask, type TaskProgress } from './run-task.ts';
import type { CaseSource } from './shape.ts';

/** What a case came to, as lines of the run's files; secrets are masked. */
export interface CaseAnswer {
  /** Number of the case in its task. */
  readonly n: number;
  readonly transcripts: readonly string[];
  readonly records: readonly string[];
}

interface Pulling {
  /** Who answers, as reports call it. */
  readonly agent: string;
  /** Largest number of cases in flight. */
  readonly slots: number;
  readonly control: RunControl;
  readonly progress: TaskProgress;
  readonly redact: Redactor;
  /** Asks for so many more cases. */
  readonly want: (cases: number) => void;
  /** A case is answered, with success or not; one that was broken off never is. */
  readonly answered: (answer: CaseAnswer) => void;
}

/** So long after the last case that came the rest is not waited for. */
const GATHERED_WITHIN_MS = 20;

/** Answers cases as they are handed over, as many at once as the service bears. */
export class PulledTask {
  /** What was sent, when no more cases will come or the run was stopped. */
  readonly finished: Promise<LoadOutcome>;
  /** The fewest cases at once that a service in trouble was asked; undefined where it never was. */
  leastSlots: number | undefined;
  readonly #limit: AdaptiveLimit;
  #load: PulledLoad | undefined;
  /** What is asked in one turn is one batch of a local model: cases wait here until those that were wanted with them have come. */
  readonly #come: number[] = [];
  readonly #isBatched: boolean;
  #wanted = 0;
  #gathering: NodeJS.Timeout | undefined;

  constructor(source: CaseSource, answerer: Answerer, pulling: Pulling) {
    const { slots, control, progress } = pulling;
    this.#isBatched = source.model.attr === 'local';
    const want = (cases: number): void => {
      this.#wanted += cases;
      pulling.want(cases);
    };
    this.#limit = new AdaptiveLimit(slots);
    const limit = this.#limit;
    this.finished = runTask(source, answerer, this.#sink(pulling), control, progress, {
      ...ONE_PASS,
      pull: (send, stop) => {
        const plan = { slots: () => limit.slots, want, clock: answerer.clock, stop };
        this.#load = new PulledLoad(plan, send);
        return this.#load.finished;
      },
    });
  }

  /** Changes the largest number of cases in flight. */
  share(slots: number): void {
    this.#limit.ceiling = slots;
    this.#load?.fill();
  }

  /** A case that was wanted. */
  take(n: number): void {
    this.#wanted -= 1;
    this.#come.push(n);
    clearTimeout(this.#gathering);
    if (this.#isBatched && this.#wanted > 0)
      this.#gathering = setTimeout(() => this.#handOn(), GATHERED_WITHIN_MS);
    else this.#handOn();
  }

  /** No more cases will come. */
  end(): void {
    this.#handOn();
    this.#load?.end();
  }

  #handOn(): void {
    for (const n of this.#come.splice(0)) this.#load?.take(n);
  }

  #sink({ agent, redact, answered }: Pulling): Parameters<typeof runTask>[2] {
    let records: string[] = [];
    let transcripts: string[] = [];
    return {
      keepsWholeCases: true,
      transcript: (one) => transcripts.push(redactJson(encodeTranscript(one), redact)),
      record: (one) => {
        records.push(redactJson(encodeRecord({ ...one, agent }), redact));
        this.#learn(one);
      },
      caseOver: (n, isBrokenOff) => {
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

/** Time-outs, "too many requests", and errors of the service's own: what fewer requests at once may cure. */
function isTrouble({ kind, status = 0 }: Failure): boolean {
  return kind === 'timeout' || (kind === 'http-status' && (status === 429 || status >= 500));
}
