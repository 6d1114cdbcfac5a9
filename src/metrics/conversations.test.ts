import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { said } from '../../test/support/said.ts';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import type { RunRecord } from '../contract/record.ts';
import type { ConversationSummary } from './conversations.ts';
import { summarize } from './summary.ts';
import type { Summary } from './types.ts';

interface Turn {
  readonly id: string;
  readonly turn: number;
  readonly turns?: number;
  readonly sent: number;
  /** First and last content event. */
  readonly at?: readonly [number, number];
  readonly fail?: 'timeout' | 'cancelled';
  readonly attempt?: number;
  readonly scheduled?: number;
}

function record({
  id,
  turn,
  turns = 2,
  sent,
  at = [sent + 10, sent + 20],
  fail,
  attempt = 1,
  scheduled,
}: Turn): RunRecord {
  const call = { id, model: 'm', dataset: 'd', index: 0, repetition: 0, turn, turns };
  const times = { scheduled: scheduled ?? sent, sent };
  if (fail !== undefined)
    return { ...sampleFailure({ kind: fail, message: 'no' }, { ...times, done: sent + 5 }), call };
  const events = at.map((time) => ['content', time] as const);
  return {
    ...sampleAnswer({ ...times, events, done: at[1] + 3, input: 10 * (turn + 1), output: 2, attempt }),
    call,
  };
}

async function summaryOf(turns: readonly Turn[], options = {}): Promise<Summary> {
  return summarize(turns.map(record), { concurrency: 4, ...options });
}
const conversationsOf = async (turns: readonly Turn[]) => (await summaryOf(turns)).conversations!;
const rowOf = ({ rows }: ConversationSummary, name: string) => rows.find((row) => row.name === name)!;

/** Two dialogues that end well, interleaved. */
const TWO: Turn[] = [
  { id: 'a', turn: 0, sent: 0, at: [30, 50] },
  { id: 'b', turn: 0, sent: 5, at: [45, 65] },
  { id: 'a', turn: 1, sent: 60, at: [70, 100] },
  { id: 'b', turn: 1, sent: 80, at: [100, 125] },
];

describe('dialogues that a user’s function leads', () => {
  it('go on after a failed turn, and count once, as broken off', async () => {
    const turns: Turn[] = [
      { id: 'a', turn: 0, turns: 3, sent: 0 },
      { id: 'a', turn: 1, turns: 3, sent: 30, fail: 'timeout' },
      { id: 'a', turn: 2, turns: 3, sent: 60 },
      { id: 'b', turn: 0, turns: 1, sent: 0 },
    ];
    const conversations = await conversationsOf(turns);
    expect(conversations.counts).toEqual({ total: 2, completed: 1, brokenOff: 1, unfinished: 0 });
    expect(conversations.turns.map(({ rows }) => rows.find(({ name }) => name === 'TTFT')!.n)).toEqual([
      2, 0, 1,
    ]);
  });
});

describe('dialogues', () => {
  it('take from the first turn sent to the last payload event of the last turn', async () => {
    const conversations = await conversationsOf(TWO);
    expect(conversations.counts).toEqual({ total: 2, completed: 2, brokenOff: 0, unfinished: 0 });
    const { n, unit, stats } = rowOf(conversations, 'Conversation Latency');
    expect([n, unit, stats?.min, stats?.max]).toEqual([2, 'ms', 100, 120]);
    expect(rowOf(conversations, 'Turns Completed').stats).toMatchObject({ average: 2, min: 2, max: 2 });
  });

  it('each turn has its own row', async () => {
    const { turns } = await conversationsOf(TWO);
    expect(turns.map(({ turn }) => turn)).toEqual([1, 2]);
    const medianOf = (turn: number, name: string) =>
      turns[turn]!.rows.find((row) => row.name === name)!.stats!.median;
    expect(turns[0]!.rows.map(({ name }) => name)).toEqual(['E2EL', 'TTFT', 'InputTokens', 'OutputTokens']);
    expect([medianOf(0, 'TTFT'), medianOf(1, 'TTFT')]).toEqual([35, 15]);
    expect([medianOf(0, 'E2EL'), medianOf(1, 'E2EL')]).toEqual([55, 42.5]);
    expect([medianOf(0, 'InputTokens'), medianOf(1, 'InputTokens')]).toEqual([10, 20]);
  });

  it('the table of all requests counts turns, as before', async () => {
    const { rows, common } = await summaryOf(TWO);
    expect(rows.find(({ name }) => name === 'TTFT')!.n).toBe(4);
    expect(common.find(({ name }) => name === 'Total Requests')!.value).toBe(4);
  });

  it('one that broke off has no latency, and is told in a note', async () => {
    const summary = await summaryOf([
      ...TWO,
      { id: 'c', turn: 0, sent: 0 },
      { id: 'c', turn: 1, sent: 30, fail: 'timeout' },
      { id: 'd', turn: 0, sent: 0, fail: 'timeout' },
    ]);
    const conversations = summary.conversations!;
    expect(conversations.counts).toEqual({ total: 4, completed: 2, brokenOff: 2, unfinished: 0 });
    expect(rowOf(conversations, 'Conversation Latency').n).toBe(2);
    expect(rowOf(conversations, 'Turns Completed')).toMatchObject({ n: 4, stats: { average: 1.25, min: 0 } });
    expect(said(summary.findings)).toContain(
      'DIALOGUES-BROKEN: 2 of 4 conversations broke off at a failed turn',
    );
  });

  it('one that was stopped is unfinished, not broken off', async () => {
    const { counts, rows } = await conversationsOf([
      { id: 'a', turn: 0, sent: 0 },
      { id: 'b', turn: 0, sent: 0, fail: 'cancelled' },
    ]);
    expect(counts).toEqual({ total: 2, completed: 0, brokenOff: 0, unfinished: 2 });
    expect(rows.map(({ n, reason }) => [n, reason?.code])).toEqual([
      [0, 'NO-DIALOGUE-COMPLETED'],
      [0, 'NO-DIALOGUE-ENDED'],
    ]);
  });

  it('one with a retried turn is completed, and its latency is left out', async () => {
    const conversations = await conversationsOf([
      { id: 'a', turn: 0, sent: 0, attempt: 2 },
      { id: 'a', turn: 1, sent: 30 },
    ]);
    expect(conversations.counts.completed).toBe(1);
    expect(rowOf(conversations, 'Conversation Latency')).toMatchObject({
      n: 0,
      reason: { code: 'ALL-DIALOGUES-RETRIED' },
    });
    expect(conversations.turns[0]!.rows.find(({ name }) => name === 'E2EL')!.n).toBe(0);
    expect(conversations.turns[1]!.rows.find(({ name }) => name === 'E2EL')!.n).toBe(1);
  });

  it('one whose answers have no E2EL says so', async () => {
    const answer = sampleAnswer({ events: [['role', 10]] });
    const call = { ...answer.call, id: 'a', turn: 0, turns: 1 };
    const { conversations } = await summarize([{ ...answer, call }], { concurrency: 1 });
    expect(conversations!.rows[0]!.reason?.code).toBe('NO-LATENCY');
  });

  it('there are none where no request is a turn', async () => {
    expect(await summarize([sampleAnswer({})], { concurrency: 1 })).not.toHaveProperty('conversations');
  });
});

describe('the rates of a load', () => {
  it('count a dialogue once, by its first turn', async () => {
    const turns = [0, 1000, 2000].flatMap((begin, i) => [
      { id: `${i}`, turn: 0, sent: begin + 1, scheduled: begin },
      { id: `${i}`, turn: 1, sent: begin + 101, scheduled: begin + 100 },
    ]);
    const { load } = await summaryOf(turns, { ratePerSecond: 1 });
    expect(load.scheduledRate).toBeCloseTo(1);
    expect(load.achievedRate).toBeCloseTo(1);
    expect(load.lag!.max).toBeCloseTo(1);
  });

  it('count a choice once, by its first label', async () => {
    const labelled = [0, 1000, 2000].flatMap((begin, i) =>
      ['A', 'B', 'C'].map((label, position) => ({
        ...sampleAnswer({ sent: begin + 10 * position, done: begin + 10 * position + 9 }),
        call: { id: `${i}`, model: 'm', dataset: 'd', index: i, repetition: 0, label },
      })),
    );
    const { load, conversations } = await summarize(labelled, { concurrency: 1, ratePerSecond: 1 });
    expect(load.achievedRate).toBeCloseTo(1);
    expect(load.scheduledRate).toBeCloseTo(1);
    expect(conversations).toBeUndefined();
  });
});

it('any dialogues in any interleaving: every one is counted once, and turns add up', async () => {
  const dialogue = fc.record({
    turns: fc.integer({ min: 1, max: 5 }),
    failsAt: fc.nat({ max: 6 }),
    stopsAt: fc.nat({ max: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(dialogue, { minLength: 1, maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      async (all, next) => {
        const queues = all.map(({ turns, failsAt, stopsAt }, i) => {
          const sent = Array.from(
            { length: Math.min(turns, failsAt + 1, stopsAt + 1) },
            (_, turn): Turn => ({
              id: `${i}`,
              turn,
              turns,
              sent: 100 * turn,
              ...(turn === failsAt ? { fail: 'timeout' as const } : {}),
            }),
          );
          return sent;
        });
        const requests = queues.flat().length;
        const answered = queues.flat().filter(({ fail }) => fail === undefined).length;
        const mixed: Turn[] = [];
        while (queues.some(({ length }) => length > 0)) {
          const left = queues.filter(({ length }) => length > 0);
          mixed.push(left[next.next().value! % left.length]!.shift()!);
        }
        const { counts, turns } = await conversationsOf(mixed);
        expect(mixed).toHaveLength(requests);
        expect(counts.total).toBe(all.length);
        expect(counts.completed + counts.brokenOff + counts.unfinished).toBe(all.length);
        const perTurn = turns.map(({ rows }) => rows.find(({ name }) => name === 'E2EL')!.n);
        expect(perTurn.reduce((sum, n) => sum + n, 0)).toBe(answered);
      },
    ),
    { numRuns: 60 },
  );
});
