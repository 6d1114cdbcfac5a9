import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { StopSwitch } from '../load/scheduler.ts';
import type { QueueOrder } from '../sending/case-crew.ts';
import { RunControl } from '../sending/control.ts';
import { CaseTeam } from './case-team.ts';
import type { Hand, HandEnd } from './hand.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const PATIENCE_MS = 5000;

/** A process that works until it is told to end, or dies. */
function fakeHand(name: string, { canBegin = true } = {}) {
  let end: (how: HandEnd) => void = () => {};
  const hand = {
    ...{ name, inFlight: 0, leastSlots: undefined, isBroken: false, error: undefined, lostTo: 'killed' },
    answer: (_order: QueueOrder, _slots: unknown, opened: () => void) => {
      if (!canBegin) return Promise.resolve<HandEnd>('lost');
      opened();
      return new Promise<HandEnd>((resolve) => {
        end = resolve;
      });
    },
    share: () => {},
    tell: () => end('done'),
    end: async () => {},
  };
  return { hand: hand as unknown as Hand, end: (how: HandEnd) => end(how) };
}

function working() {
  const warnings: string[] = [];
  const team = new CaseTeam({ warn: (text) => warnings.push(text), lost: () => {}, patienceMs: PATIENCE_MS });
  const order = {
    ...{ task: 0, cases: [0, 1, 2], left: new Set([1, 2]), concurrency: 8, isLocal: false },
    ...{ control: new RunControl(), stop: new StopSwitch() },
  } as unknown as QueueOrder;
  let answered = () => {};
  const all = new Promise<void>((resolve) => {
    answered = resolve;
  });
  const outcome = { error: undefined as unknown, isOver: false };
  const begin = () => {
    team.answer(order, all).then(
      () => Object.assign(outcome, { isOver: true }),
      (error) => Object.assign(outcome, { error, isOver: true }),
    );
  };
  return { team, order, warnings, outcome, begin, answered: () => answered() };
}

it.each(['lost', 'gave-up'] as const)(
  'waits so long for somebody when the last has %s, and no longer',
  async (how) => {
    const { team, warnings, outcome, begin } = working();
    const only = fakeHand('a1');
    team.add(only.hand);
    begin();
    await vi.advanceTimersByTimeAsync(10 * PATIENCE_MS);
    expect(outcome.isOver).toBe(false);
    only.end(how);
    await vi.advanceTimersByTimeAsync(PATIENCE_MS - 1);
    expect(outcome.isOver).toBe(false);
    expect(warnings.at(-1)).toBe(
      'no agent takes cases: the run waits 5 s for one to come (--agent-wait; Ctrl-C ends it)',
    );
    await vi.advanceTimersByTimeAsync(1);
    expect(outcome.error).toMatchObject({
      ...{ code: 'AGENT-GROUP-002', exitCode: 1, where: '--agent-wait' },
      message: 'no agent has taken cases for 5 s: 2 of 3 cases have no answer',
    });
  },
);

it('begins to wait anew when one has come and gone', async () => {
  const { team, outcome, begin } = working();
  const [first, second] = [fakeHand('a1'), fakeHand('a2')];
  team.add(first.hand);
  begin();
  first.end('lost');
  await vi.advanceTimersByTimeAsync(PATIENCE_MS - 1);
  team.add(second.hand);
  await vi.advanceTimersByTimeAsync(3 * PATIENCE_MS);
  second.end('lost');
  await vi.advanceTimersByTimeAsync(PATIENCE_MS - 1);
  expect(outcome.isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome.error).toMatchObject({ code: 'AGENT-GROUP-002' });
});

it('ends while it waits when the last answers come or the run is stopped', async () => {
  for (const ends of ['answers', 'stop'] as const) {
    const { team, order, outcome, begin, answered } = working();
    const only = fakeHand('a1');
    team.add(only.hand);
    begin();
    only.end('lost');
    await vi.advanceTimersByTimeAsync(1);
    if (ends === 'answers') answered();
    else order.stop.stop();
    await vi.advanceTimersByTimeAsync(2 * PATIENCE_MS);
    expect(outcome).toEqual({ isOver: true, error: undefined });
  }
});

it('waits for nobody where all that were there could not begin, and for somebody in a task that nobody is left for', async () => {
  const { team, outcome, begin } = working();
  team.add(fakeHand('a1', { canBegin: false }).hand);
  begin();
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome.error).toMatchObject({ code: 'RUN-WORKER-001', message: 'a1 could not begin: killed' });

  Object.assign(outcome, { isOver: false, error: undefined });
  begin();
  await vi.advanceTimersByTimeAsync(PATIENCE_MS - 1);
  expect(outcome.isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(outcome.error).toMatchObject({ code: 'AGENT-GROUP-002' });
});
