import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeChannel } from '../../test/support/fake-channel.ts';
import { StopSwitch } from '../load/scheduler.ts';
import { RunControl } from '../sending/control.ts';
import type { QueuedOrder } from '../sending/pool.ts';
import { Pool } from './pool.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const WAIT_MS = 5000;

/** A pool whose queue is answered when the test says so. */
function working() {
  const warnings: string[] = [];
  const pool = new Pool({
    ...{ plan: { load: {} as never }, tasks: [], workersFor: () => 0, usesQueue: true, waitMs: WAIT_MS },
    assignment: { source: { flags: {} }, folder: '/', fingerprint: '' },
    warn: (text) => warnings.push(text),
  });
  let answered = () => {};
  const all = new Promise<void>((resolve) => {
    answered = resolve;
  });
  pool.remote = {
    beginLoad: () => Promise.reject(new Error('no load test')),
    openQueue: async () => ({
      refused: [],
      answered: () => all,
      caughtUp: async () => {},
      close: async () => {},
    }),
    workerLost: () => {},
    close: async () => {},
  };
  const order = {
    ...{ task: 0, samples: [0, 1, 2], left: new Set([1, 2]), concurrency: 8, isLocal: false },
    ...{ control: new RunControl(), stop: new StopSwitch(), progress: { inFlight: 0 } },
  } as unknown as QueuedOrder;
  const outcome = { error: undefined as unknown, isOver: false };
  const begin = async () => {
    pool.sendQueue(order).then(
      () => Object.assign(outcome, { isOver: true }),
      (error) => Object.assign(outcome, { error, isOver: true }),
    );
    await vi.advanceTimersByTimeAsync(0);
  };
  const add = (name: string, options?: ConstructorParameters<typeof FakeChannel>[1]) => {
    const channel = new FakeChannel(name, options);
    pool.add(() => channel);
    return channel;
  };
  return { pool, order, warnings, outcome, begin, add, answered: () => answered() };
}

it.each([
  ['lost', (channel: FakeChannel) => channel.lose('killed')],
  ['gave-up', (channel: FakeChannel) => channel.end(0, 'gave-up')],
])('waits for another worker when the last has %s, and no longer than it should', async (_, end) => {
  const { warnings, outcome, begin, add } = working();
  const only = add('a1');
  await begin();
  await vi.advanceTimersByTimeAsync(10 * WAIT_MS);
  expect(outcome.isOver).toBe(false);
  end(only);
  await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
  expect(outcome.isOver).toBe(false);
  expect(warnings.at(-1)).toBe(
    'no worker is left: the run waits 5 s for one to join (--worker-wait; Ctrl-C ends it)',
  );
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome.error).toMatchObject({
    ...{ code: 'WORKER-GROUP-002', exitCode: 1, where: '--worker-wait' },
    message: 'no worker has taken samples for 5 s: 2 of 3 samples have no answer',
  });
});

it('waits again when one has joined and is lost', async () => {
  const { outcome, begin, add } = working();
  const first = add('a1');
  await begin();
  first.lose('killed');
  await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
  const second = add('a2');
  await vi.advanceTimersByTimeAsync(3 * WAIT_MS);
  expect(second.orderTypes).toEqual(['open']);
  second.lose('killed');
  await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
  expect(outcome.isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome.error).toMatchObject({ code: 'WORKER-GROUP-002' });
});

it('ends while it waits when the last results arrive or the run is stopped', async () => {
  for (const ends of ['results', 'stop'] as const) {
    const { order, outcome, begin, add, answered } = working();
    const only = add('a1');
    await begin();
    only.lose('killed');
    await vi.advanceTimersByTimeAsync(1);
    if (ends === 'results') answered();
    else order.stop.stop();
    await vi.advanceTimersByTimeAsync(2 * WAIT_MS);
    expect(outcome).toEqual({ isOver: true, error: undefined });
  }
});

it('fails at once where no worker could start, and waits in a task that no worker is left for', async () => {
  const { outcome, begin, add } = working();
  add('a1', { dies: true });
  await begin();
  expect(outcome.error).toMatchObject({ code: 'RUN-WORKER-001', message: 'a1 could not start: killed' });

  Object.assign(outcome, { isOver: false, error: undefined });
  await begin();
  await vi.advanceTimersByTimeAsync(WAIT_MS - 1);
  expect(outcome.isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome.error).toMatchObject({ code: 'WORKER-GROUP-002' });
});

it('divides the slots, and gives those of a lost worker to the others', async () => {
  const { begin, add, outcome, answered, warnings } = working();
  const [first, second] = [add('a1'), add('a2')];
  await begin();
  expect(first.orders.at(-1)).toMatchObject({ type: 'open', queue: { slots: 4, worker: 'a1' } });
  second.lose('silent for 10 s');
  await vi.advanceTimersByTimeAsync(0);
  expect(first.orders.at(-1)).toEqual({ type: 'slots', slots: 8 });
  expect(warnings).toEqual(['a2 was lost (silent for 10 s): the samples that it held go to others']);
  answered();
  await vi.advanceTimersByTimeAsync(0);
  expect(first.orderTypes).toEqual(['open', 'slots', 'finish']);
  expect(outcome).toEqual({ isOver: true, error: undefined });
});
