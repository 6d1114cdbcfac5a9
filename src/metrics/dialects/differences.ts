import type { RunRecord } from '../../contract/record.ts';
import { IS_PAYLOAD } from '../event-tokens.ts';

/** What in a run makes tools disagree: means in milliseconds, shares 0..1. */
export interface Differences {
  readonly answers: number;
  readonly failed: number;
  readonly retried: number;
  /** Answers with an event before their first token, and how long before on average. */
  readonly early: Occurrence;
  /** Answers with an event after their last token, and how long after. */
  readonly late: Occurrence;
  /** How long after its last token an answer's body ended. */
  readonly bodyEnd: Occurrence;
  /** Answers of one token at most. */
  readonly oneToken: number;
  /** Output tokens / events that brought some; undefined when nobody counted. */
  readonly tokensPerEvent: number | undefined;
  /** Mean of sent − scheduled. */
  readonly meanLag: number;
}

interface Occurrence {
  readonly share: number;
  readonly mean: number;
}

/** Gathers, record by record, what makes tools disagree. */
export class DifferenceFinder {
  readonly #early = new Tally();
  readonly #late = new Tally();
  readonly #bodyEnd = new Tally();
  readonly #lag = new Tally();
  #answers = 0;
  #failed = 0;
  #retried = 0;
  #oneToken = 0;
  #tokens = 0;
  #events = 0;

  add(record: RunRecord): void {
    if (record.attempt > 1) this.#retried++;
    const { sent, scheduled } = record.times;
    if (sent !== undefined && scheduled !== undefined) this.#lag.add(sent - scheduled);
    if (record.outcome === 'failed') {
      this.#failed++;
      return;
    }
    this.#answers++;
    const output = record.outputTokens?.value;
    if (output !== undefined && output <= 1) this.#oneToken++;
    if (!record.streamed) return;
    const { at, kind } = record.times.events;
    const payload = kind.reduce((count, one) => count + IS_PAYLOAD[one]!, 0);
    if (payload === 0) return;
    const isPayload = (one: number) => IS_PAYLOAD[one] === 1;
    const [first, last] = [kind.findIndex(isPayload), kind.findLastIndex(isPayload)];
    this.#early.add(at[first]! - at[0]!, first > 0);
    this.#late.add(at.at(-1)! - at[last]!, last < kind.length - 1);
    this.#bodyEnd.add(record.times.done - at[last]!);
    if (output === undefined) return;
    this.#tokens += output;
    this.#events += payload;
  }

  found(): Differences {
    return {
      answers: this.#answers,
      failed: this.#failed,
      retried: this.#retried,
      early: this.#early.occurrence(),
      late: this.#late.occurrence(),
      bodyEnd: this.#bodyEnd.occurrence(),
      oneToken: this.#oneToken,
      tokensPerEvent: this.#events === 0 ? undefined : this.#tokens / this.#events,
      meanLag: this.#lag.meanOfAll(),
    };
  }
}

/** Counts how often something happened and sums how long it took. */
class Tally {
  #all = 0;
  #happened = 0;
  #sum = 0;

  add(milliseconds: number, happened = milliseconds > 0): void {
    this.#all++;
    if (happened) this.#happened++;
    this.#sum += milliseconds;
  }

  occurrence(): Occurrence {
    if (this.#happened === 0) return { share: 0, mean: 0 };
    return { share: this.#happened / this.#all, mean: this.#sum / this.#happened };
  }

  meanOfAll(): number {
    return this.#all === 0 ? 0 : this.#sum / this.#all;
  }
}
