import { describe, expect, it } from 'vitest';
import type { InferenceEngine, Sampling } from './engine.ts';
import { createSimEngine, type SimClock, type SimOptions } from './sim-engine.ts';

const SAMPLING: Sampling = {
  maxTokens: 3,
  minTokens: 0,
  stop: [],
  keepStop: false,
  ignoreEos: true,
  temperature: 0,
  topP: 1,
  topK: 0,
  seed: undefined,
};

/** An engine whose steps are made by hand. */
function setUp(options: Partial<SimOptions>) {
  let due: (() => void) | undefined;
  const clock: SimClock = {
    now: () => 0,
    at: (_, callback) => {
      due = callback;
      return () => {};
    },
  };
  const engine = createSimEngine(options, clock);
  const step = (times = 1): void => {
    for (let i = 0; i < times; i++) due?.();
  };
  return { engine, step };
}

function ask(engine: InferenceEngine, text: string, log: string[], sampling: Partial<Sampling> = {}) {
  const leaving = new AbortController();
  const done = engine
    .read({ kind: 'text', text })
    .generate(
      { ...SAMPLING, ...sampling },
      ({ finish }) => log.push(finish ? `${text}.` : text),
      leaving.signal,
    );
  return { done, leave: () => leaving.abort() };
}

describe('the simulated engine', () => {
  it('serves one after the other when the batch has one place', async () => {
    const { engine, step } = setUp({ maxBatch: 1 });
    const log: string[] = [];
    const both = [ask(engine, 'a', log), ask(engine, 'b', log)];
    step(6);
    await Promise.all(both.map(({ done }) => done));
    expect(log).toEqual(['a', 'a', 'a.', 'b', 'b', 'b.']);
  });

  it('serves both at once when it has two', async () => {
    const { engine, step } = setUp({ maxBatch: 2 });
    const log: string[] = [];
    const both = [ask(engine, 'a', log), ask(engine, 'b', log)];
    step(4);
    await Promise.all(both.map(({ done }) => done));
    expect(log).toEqual(['a', 'a', 'b', 'a.', 'b', 'b.']);
  });

  it('gives the place of one who leaves to the next, whether running or waiting', async () => {
    const { engine, step } = setUp({ maxBatch: 1 });
    const log: string[] = [];
    const [running, waiting, next] = ['a', 'b', 'c'].map((text) => ask(engine, text, log));
    step();
    running!.leave();
    waiting!.leave();
    await Promise.all([running!.done, waiting!.done]);
    step(4);
    await next!.done;
    expect(log).toEqual(['a', 'c', 'c', 'c.']);
  });

  it('does nothing for one who left before', async () => {
    const { engine } = setUp({});
    const gone = AbortSignal.abort();
    await engine.read({ kind: 'text', text: 'a' }).generate(SAMPLING, () => expect.unreachable(), gone);
  });

  it('passes on what the receiver of the pieces throws', async () => {
    const { engine, step } = setUp({});
    const done = engine.read({ kind: 'text', text: 'a' }).generate(
      SAMPLING,
      () => {
        throw new Error('no more');
      },
      new AbortController().signal,
    );
    step();
    await expect(done).rejects.toThrow('no more');
  });

  it('stops counting a prompt just above its context', () => {
    const { engine } = setUp({ contextLength: 10 });
    expect(engine.read({ kind: 'text', text: 'a a a a a a a a a a a a a a a' }).tokens).toBe(11);
  });
});
