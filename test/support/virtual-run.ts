/** A load on the clockwork of the simulated engine in virtual time: records of a whole run in milliseconds of real time. */

import { seededRandom } from '../../src/basics/random.ts';
import { EVENT_KINDS, type OkRecord } from '../../src/contract/record.ts';
import { SimBatcher, type SimClock } from '../../src/engine/sim-engine.ts';

export interface VirtualLoad {
  readonly requests: number;
  readonly concurrency: number;
  readonly maxBatch: number;
  /** Steps are so many times longer. */
  readonly slower?: number;
  readonly seed: number;
}

/** Jumps from one thing that is due to the next. */
class VirtualClock implements SimClock {
  #now = 0;
  readonly #due: { readonly at: number; readonly callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  at(time: number, callback: () => void): () => void {
    const entry = { at: time, callback };
    this.#due.push(entry);
    return () => void this.#due.splice(this.#due.indexOf(entry), 1);
  }

  run(): void {
    for (let next = this.#take(); next !== undefined; next = this.#take()) {
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
  }

  #take(): { at: number; callback: () => void } | undefined {
    this.#due.sort((a, b) => a.at - b.at);
    return this.#due.shift();
  }
}

const CONTENT = EVENT_KINDS.indexOf('content');

/** A closed loop: whenever a request ends the next one leaves. Lengths of prompts and answers are the seed's. */
export function virtualRun({ requests, concurrency, maxBatch, slower = 1, seed }: VirtualLoad): OkRecord[] {
  const clock = new VirtualClock();
  const random = seededRandom(seed);
  const times = {
    baseStepMs: 8 * slower,
    perSequenceMs: 0.1 * slower,
    perPrefillTokenMs: 0.05 * slower,
    jitter: 0.3,
    maxBatch,
    prefillBudget: 512,
  };
  const batcher = new SimBatcher(times, seed, clock);
  const records: OkRecord[] = [];
  let left = 0;
  const send = (): void => {
    if (left === requests) return;
    const index = left++;
    const sent = clock.now();
    const tokens = 4 + Math.floor(30 * random());
    const at: number[] = [];
    batcher.add({
      promptTokens: 20 + Math.floor(300 * random()),
      emit() {
        at.push(clock.now());
        if (at.length < tokens) return false;
        records.push(recordOf(index, sent, at));
        send();
        return true;
      },
      fail(error) {
        throw error;
      },
    });
  };
  for (let n = 0; n < concurrency; n++) send();
  clock.run();
  return records;
}

function recordOf(index: number, sent: number, at: readonly number[]): OkRecord {
  return {
    call: { id: String(index), model: 'sim', dataset: 'virtual', index, repetition: 0 },
    attempt: 1,
    earlier: [],
    streamed: true,
    outcome: 'ok',
    outputTokens: { value: at.length, source: 'server' },
    times: {
      scheduled: sent,
      sent,
      done: at.at(-1)!,
      events: {
        at: Float64Array.from(at),
        kind: new Uint8Array(at.length).fill(CONTENT),
        tokens: new Uint16Array(at.length).fill(1),
        sharedRead: new Uint8Array(at.length),
      },
    },
  };
}
