import { describe, expect, it } from 'vitest';
import { type Sequence, SimBatcher, type SimClock, type StepTimes } from './sim-engine.ts';

const TIMES: StepTimes = {
  baseStepMs: 10,
  perSequenceMs: 1,
  perPrefillTokenMs: 0.5,
  jitter: 0,
  maxBatch: 2,
  prefillBudget: 8,
};

/** A clock that jumps from one appointment to the next; `lateness` is how late its timers fire. */
class FakeClock implements SimClock {
  lateness = 0;
  #now = 0;
  #due: { time: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  at(time: number, callback: () => void): () => void {
    const appointment = { time, callback };
    this.#due.push(appointment);
    return () => {
      this.#due = this.#due.filter((it) => it !== appointment);
    };
  }

  run(until = Number.POSITIVE_INFINITY): void {
    for (;;) {
      const next = this.#due.toSorted((a, b) => a.time - b.time)[0];
      if (next === undefined || next.time > until) return;
      this.#due = this.#due.filter((it) => it !== next);
      this.#now = Math.max(this.#now, next.time) + this.lateness;
      next.callback();
    }
  }
}

function sequenceOf(clock: SimClock, tokens: number, promptTokens = 2) {
  const times: number[] = [];
  const errors: unknown[] = [];
  const sequence: Sequence = {
    promptTokens,
    emit: () => times.push(clock.now()) >= tokens,
    fail: (error) => errors.push(error),
  };
  return { sequence, times, errors };
}

function setUp(times: Partial<StepTimes> = {}, seed = 1) {
  const clock = new FakeClock();
  const batcher = new SimBatcher({ ...TIMES, ...times }, seed, clock);
  return { clock, batcher };
}

describe('Batcher', () => {
  it('gives every running sequence a token a step, and prefill makes its step longer', () => {
    const { clock, batcher } = setUp();
    const one = sequenceOf(clock, 3);
    batcher.add(one.sequence);
    clock.run();
    expect(one.times).toEqual([12, 23, 34]);
    expect(batcher.running).toBe(0);
  });

  it('lets sequences wait while the batch is full, first come, first served', () => {
    const { clock, batcher } = setUp();
    const all = [3, 2, 1, 1].map((tokens) => sequenceOf(clock, tokens));
    for (const { sequence } of all) batcher.add(sequence);
    expect(batcher.waiting).toBe(3); // the first one started a step of its own
    clock.run();
    const firsts = all.map(({ times }) => times[0]!);
    expect(firsts).toEqual([12, 25, 51, 51]);
  });

  it('reads a long prompt over several steps, and others go on meanwhile', () => {
    const { clock, batcher } = setUp();
    const short = sequenceOf(clock, 4);
    const long = sequenceOf(clock, 1, 20);
    batcher.add(short.sequence);
    batcher.add(long.sequence);
    clock.run();
    expect(short.times).toEqual([12, 12 + 16, 28 + 16, 44 + 14]);
    expect(long.times).toEqual([58]);
  });

  it('keeps its schedule when timers fire late', () => {
    const { clock, batcher } = setUp();
    clock.lateness = 3;
    const one = sequenceOf(clock, 100);
    batcher.add(one.sequence);
    clock.run();
    expect(one.times.at(-1)).toBeLessThanOrEqual(12 + 99 * 11 + 3);
  });

  it('does not make up for a long stall in a burst', () => {
    const { clock, batcher } = setUp();
    const one = sequenceOf(clock, 4);
    batcher.add(one.sequence);
    clock.lateness = 1000;
    clock.run(12);
    clock.lateness = 0;
    clock.run();
    expect(one.times).toEqual([1012, 1023, 1034, 1045]);
  });

  it('frees the place of a removed sequence, running or waiting', () => {
    const { clock, batcher } = setUp({ maxBatch: 1 });
    const [running, waiting, next] = [1000, 1, 1].map((tokens) => sequenceOf(clock, tokens));
    for (const it of [running!, waiting!, next!]) batcher.add(it.sequence);
    clock.run(50);
    batcher.remove(running!.sequence);
    batcher.remove(waiting!.sequence);
    clock.run();
    expect(next!.times).toHaveLength(1);
    expect(waiting!.times).toEqual([]);
    expect(running!.times.length).toBeLessThan(6);
    expect([batcher.running, batcher.waiting]).toEqual([0, 0]);
  });

  it('ends only the sequence that throws', () => {
    const { clock, batcher } = setUp();
    const bad = sequenceOf(clock, 5);
    const good = sequenceOf(clock, 5);
    batcher.add({
      ...bad.sequence,
      emit: () => {
        throw new Error('broken');
      },
    });
    batcher.add(good.sequence);
    clock.run();
    expect(bad.errors).toHaveLength(1);
    expect(good.times).toHaveLength(5);
  });

  it('varies its steps by seed, within the jitter', () => {
    const stepsOf = (seed: number): number[] => {
      const { clock, batcher } = setUp({ jitter: 0.2 }, seed);
      const one = sequenceOf(clock, 50);
      batcher.add(one.sequence);
      clock.run();
      return one.times.slice(1).map((time, index) => time - one.times[index]!);
    };
    expect(stepsOf(4)).toEqual(stepsOf(4));
    expect(stepsOf(4)).not.toEqual(stepsOf(5));
    for (const step of stepsOf(4)) expect(Math.abs(step - 11)).toBeLessThanOrEqual(2.2 + 1e-9);
  });

  it('takes new sequences after it was idle', () => {
    const { clock, batcher } = setUp();
    const [one, two] = [sequenceOf(clock, 1), sequenceOf(clock, 1)];
    batcher.add(one.sequence);
    clock.run();
    batcher.add(two.sequence);
    clock.run();
    expect(two.times).toEqual([24]);
  });

  it('stops when it is closed', () => {
    const { clock, batcher } = setUp();
    const one = sequenceOf(clock, 5);
    batcher.add(one.sequence);
    batcher.close();
    clock.run();
    expect(one.times).toEqual([]);
  });
});
