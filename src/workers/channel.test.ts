import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awaitEnd, ChildChannel } from './channel.ts';
import type { Order, Report } from './protocol.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const SILENCE_MS = 1000;

/** A child process that is played; `dies`: SIGKILL ends it. */
class FakeChild extends EventEmitter {
  connected = true;
  readonly orders: Order[] = [];
  readonly signals: string[] = [];
  readonly dies: boolean;

  constructor(dies = true) {
    super();
    this.dies = dies;
  }

  send(order: Order): boolean {
    this.orders.push(order);
    return true;
  }

  kill(signal: string): boolean {
    this.signals.push(signal);
    if (this.dies) setImmediate(() => this.emit('exit', null, signal));
    return true;
  }

  report(report: Report): void {
    this.emit('message', report);
  }
}

function open(child = new FakeChild()) {
  const channel = new ChildChannel('worker 1 of 1', SILENCE_MS, child as never);
  const reports: string[] = [];
  const gone: string[] = [];
  channel.listen({ report: ({ type }) => reports.push(type), gone: (why) => gone.push(why) });
  return { channel, child, reports, gone };
}

describe('the channel to a child process', () => {
  it('passes reports on, keeps heartbeats to itself, and says how often they are due', () => {
    const { channel, child, reports } = open();
    channel.send({ type: 'assign', number: 0 } as Order);
    expect(child.orders).toEqual([{ type: 'assign', number: 0, heartbeatMs: SILENCE_MS / 5 }]);
    for (const type of ['heartbeat', 'ready', 'heartbeat', 'opened'] as const) child.report({ type });
    expect(reports).toEqual(['ready', 'opened']);
  });

  it('loses a process that is silent while it sends, and kills it', async () => {
    const { child, gone, reports } = open();
    child.report({ type: 'ready' });
    child.report({ type: 'opened' });
    for (let beat = 0; beat < 20; beat++) {
      await vi.advanceTimersByTimeAsync(SILENCE_MS / 5);
      child.report({ type: 'heartbeat' });
    }
    expect(gone).toEqual([]);
    await vi.advanceTimersByTimeAsync(SILENCE_MS);
    expect([gone, child.signals]).toEqual([[], []]);
    await vi.advanceTimersByTimeAsync(SILENCE_MS / 5 + 1);
    expect([gone, child.signals]).toEqual([['silent for 1 s'], ['SIGKILL']]);
    child.report({ type: 'opened' });
    expect(reports).toEqual(['ready', 'opened']);
  });

  it('loses one that SIGKILL does not end, all the same', async () => {
    const { child, gone } = open(new FakeChild(false));
    child.report({ type: 'opened' });
    await vi.advanceTimersByTimeAsync(SILENCE_MS * 1.5);
    expect([gone, child.signals]).toEqual([[], ['SIGKILL']]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(gone).toEqual(['silent for 1 s']);
  });

  it('gives a process that reads data or opens its model a minute, and no more', async () => {
    const { gone } = open();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(gone).toEqual([]);
    await vi.advanceTimersByTimeAsync(SILENCE_MS);
    expect(gone).toEqual(['silent for 60 s']);
  });

  it('says once why a process ended by itself', async () => {
    const { child, gone } = open();
    child.emit('exit', 3, null);
    child.emit('error', new Error('late'));
    await vi.advanceTimersByTimeAsync(200_000);
    expect(gone).toEqual(['exit code 3']);
  });
});

describe('the end of a process', () => {
  it('is awaited, forced after 3 s, and given up after 5 s', async () => {
    const { channel, child } = open(new FakeChild(false));
    let isOver = false;
    void awaitEnd(channel, new Promise(() => {})).then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(2999);
    expect(child.signals).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect([child.signals, isOver]).toEqual([['SIGKILL'], false]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(isOver).toBe(true);
  });

  it('leaves alone a process that ends in time', async () => {
    const { channel, child } = open();
    await awaitEnd(channel, Promise.resolve());
    await vi.advanceTimersByTimeAsync(10_000);
    expect(child.signals).toEqual([]);
  });
});
