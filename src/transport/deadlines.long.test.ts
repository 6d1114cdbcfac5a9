import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeClock } from '../testing/index.ts';
import { RequestDeadlines, type Timeouts } from './deadlines.ts';
import { DeadlineError } from './failure.ts';

beforeEach(
  () => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setImmediate', 'performance'] }),
);
afterEach(() => void vi.useRealTimers());

const LIMITS: Timeouts = { connectMs: 0, firstTokenMs: 1000, idleMs: 500, totalMs: 3000 };

function watched(limits: Partial<Timeouts> = {}, streamed = true) {
  const clock = () => performance.now() - start;
  const start = performance.now();
  const expired: Error[] = [];
  const deadlines = new RequestDeadlines(clock, { ...LIMITS, ...limits });
  const watch = deadlines.watch(0, streamed, (error) => {
    expired.push(error);
    watch.stop();
  });
  return { watch, clock, expired, deadlines };
}

describe('a stream', () => {
  it('must bring its first token in time', () => {
    const { expired } = watched();
    vi.advanceTimersByTime(950);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(200);
    expect(expired).toEqual([new DeadlineError('no first token within 1 s')]);
  });

  it('must not fall silent', () => {
    const { expired, watch, clock } = watched();
    for (let n = 0; n < 4; n++) {
      vi.advanceTimersByTime(400);
      watch.progress(clock());
    }
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(600);
    expect(expired).toEqual([new DeadlineError('the stream fell silent: no further token within 0.5 s')]);
  });

  it('must be over in time, however lively it is', () => {
    const { expired, watch, clock } = watched();
    for (let n = 0; n < 12; n++) {
      vi.advanceTimersByTime(300);
      watch.progress(clock());
    }
    expect(expired).toEqual([new DeadlineError('no complete reply within 3 s')]);
  });
});

it('holds a whole reply to the total limit only', () => {
  const { expired } = watched({}, false);
  vi.advanceTimersByTime(2900);
  expect(expired).toEqual([]);
  vi.advanceTimersByTime(300);
  expect(expired).toEqual([new DeadlineError('no complete reply within 3 s')]);
});

it('has no limits where they are 0', () => {
  const { expired, watch } = watched({ firstTokenMs: 0, idleMs: 0, totalMs: 0 });
  vi.advanceTimersByTime(600_000);
  watch.progress(1);
  vi.advanceTimersByTime(600_000);
  expect(expired).toEqual([]);
});

it('keeps no timer when nothing is watched', () => {
  const { watch, deadlines } = watched();
  const second = deadlines.watch(0, true, () => {});
  watch.stop();
  expect(vi.getTimerCount()).toBe(1);
  second.stop();
  expect(vi.getTimerCount()).toBe(0);
});

it('sees what came during a stall of ours before it judges', () => {
  const clock = fakeClock();
  const expired: Error[] = [];
  const watch = new RequestDeadlines(clock, LIMITS).watch(0, true, (error) => expired.push(error));
  clock.set(1500);
  vi.advanceTimersToNextTimer(); // The sweep's timer fires late; only then are the sockets read.
  watch.progress(1500);
  vi.runOnlyPendingTimers();
  expect(expired).toEqual([]);
  watch.stop();
});
