import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeChannel } from '../../test/support/fake-channel.ts';
import { sampleDataset, sampleSource } from '../../test/support/sample-source.ts';
import { RunControl } from '../sending/control.ts';
import { ONE_PASS } from '../sending/load-plan.ts';
import type { StripedOrder } from '../sending/pool.ts';
import type { Task } from '../sending/prepare.ts';
import { presentInstant } from '../sending/run-clock.ts';
import { Pool } from './pool.ts';
import type { WorkerHost } from './worker.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const SAMPLES = 10;

function poolOf(channels: readonly FakeChannel[], host?: WorkerHost) {
  const source = sampleSource(SAMPLES, { concurrency: 4 });
  const task = { model: source.model, dataset: sampleDataset(), source } as unknown as Task;
  const pool = new Pool({
    ...{ plan: { load: ONE_PASS.settings }, tasks: [task], workersFor: () => channels.length },
    assignment: { source: { flags: {} }, folder: '/run', fingerprint: 'f' },
    warn: () => {},
  });
  for (const channel of channels) pool.add(() => channel, host);
  const control = new RunControl();
  const order: StripedOrder = {
    ...{ task: 0, workers: channels.length, origin: presentInstant(), modelName: 'm', control },
    progress: { done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 },
  };
  return { pool, order, control };
}

const channels = (count: number) =>
  Array.from({ length: count }, (_, n) => new FakeChannel(`worker ${n + 1} of ${count}`));
const settled = () => vi.advanceTimersByTimeAsync(0);

describe('a pool that sends in stripes', () => {
  it('assigns, opens and starts all of its workers alike, and adds up what they sent', async () => {
    const [first, second] = channels(2) as [FakeChannel, FakeChannel];
    const { pool, order } = poolOf([first, second]);
    const sent = pool.sendStripes(order);
    await settled();
    expect(first.orders[0]).toMatchObject({ type: 'assign', number: 0, folder: '/run' });
    expect(second.orders[1]).toMatchObject({ type: 'open', place: 1, workers: 2, modelName: 'm' });
    const starts = [first, second].map(({ orders }) => orders[2]);
    expect(starts[0]).toMatchObject({ type: 'send', start: expect.any(Number) });
    expect(starts[1]).toEqual(starts[0]);
    const { start } = starts[0] as { start: number };
    first.progress(3);
    await vi.advanceTimersByTimeAsync(250);
    expect(order.progress.done).toBe(3);
    first.end(5, undefined, start - 20);
    second.end(5, undefined, start + 7);
    const { lateStarts, ...outcome } = await sent;
    expect(outcome).toEqual({ workers: [0, 1], sent: 10, stopped: undefined, lost: [] });
    expect([lateStarts[0], Math.round(lateStarts[1]!)]).toEqual([0, 7]);
  });

  it('goes on without a worker that is lost, says how much is missing, and sends the next task without it', async () => {
    const [first, second] = channels(2) as [FakeChannel, FakeChannel];
    const { pool, order } = poolOf([first, second]);
    const sent = pool.sendStripes(order);
    await settled();
    second.progress(2);
    second.lose('silent for 10 s');
    first.end(5);
    expect(await sent).toMatchObject({
      ...{ sent: 7, workers: [0, 1], lateStarts: [0, undefined] },
      lost: [
        'worker 2 of 2 was lost (silent for 10 s) after about 2 of 5 samples: its records are kept, the rest of its share is missing',
      ],
    });
    const next = pool.sendStripes(order);
    await settled();
    first.end(10);
    expect(await next).toMatchObject({ workers: [0], sent: 10, lost: [] });
  });

  it('counts the processes of a remote worker that is lost as one loss', async () => {
    const host = { name: 'worker a1', workerName: 'a1', lostTo: undefined as string | undefined };
    const own = channels(2) as [FakeChannel, FakeChannel];
    const { pool, order } = poolOf(own, { ...host, measureClock: async () => {} });
    const one = pool.sendStripes(order);
    await settled();
    own[1].lose('SIGKILL');
    own[0].end(5);
    expect((await one).lost).toEqual([
      expect.stringMatching(
        /^worker 2 of 2 was lost \(SIGKILL\) after about 0 of 5 samples: the records that/,
      ),
    ]);
    const all = poolOf(channels(0), host as never);
    const both = channels(2) as [FakeChannel, FakeChannel];
    const gone = { ...host, lostTo: 'silent for 10 s', measureClock: async () => {} };
    for (const channel of both) all.pool.add(() => channel, gone);
    const sent = all.pool.sendStripes({ ...all.order, workers: 2 });
    await settled();
    for (const channel of both) channel.lose('silent for 10 s');
    expect((await sent).lost).toEqual([
      expect.stringMatching(/^worker a1 was lost \(silent for 10 s\) after about 0 of 10 samples/),
    ]);
  });

  it('does not start a load where one of its workers cannot', async () => {
    const [first] = channels(1) as [FakeChannel];
    const { pool, order } = poolOf([first, new FakeChannel('worker 2 of 2', { dies: true })]);
    await expect(pool.sendStripes(order)).rejects.toMatchObject({
      ...{ code: 'RUN-WORKER-001', message: 'worker 2 of 2 could not start: killed' },
    });
    expect(first.orderTypes).toEqual([]);
  });

  it('passes interrupts on to its workers', async () => {
    const [only] = channels(1) as [FakeChannel];
    const { pool, order, control } = poolOf([only]);
    const sent = pool.sendStripes(order);
    await settled();
    control.drain();
    expect(await sent).toMatchObject({ stopped: 'interrupted' });
    expect(only.orderTypes).toEqual(['open', 'send', 'drain']);
  });

  it('stops within seconds though a worker hangs, and kills it', async () => {
    const [good] = channels(1) as [FakeChannel];
    const hung = new FakeChannel('worker 2 of 2', { hangs: true });
    const { pool } = poolOf([good, hung]);
    let isOver = false;
    void pool.stop().then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(4999);
    expect([isOver, good.killed, hung.killed]).toEqual([false, false, true]);
    await vi.advanceTimersByTimeAsync(1);
    expect(isOver).toBe(true);
  });
});
