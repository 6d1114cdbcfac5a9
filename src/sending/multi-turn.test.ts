import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runFake } from '../../test/support/fake-ask.ts';
import { DIALOGUES, sampleDataset, sampleOptions, samplePlan } from '../../test/support/sample-source.ts';
import type { Row } from '../contract/dataset.ts';
import { multiTurn } from './inferencers.ts';

const ROW = { question: ['a?', 'b?', 'c?'], answer: ['A', 'B', 'C'] };

function shapeFor(infer_mode?: unknown, plan: Parameters<typeof samplePlan>[0] = {}) {
  const dataset = sampleDataset({
    ...DIALOGUES,
    inferencer: { ...DIALOGUES.inferencer, ...(infer_mode === undefined ? {} : { infer_mode }) },
  });
  return multiTurn({ model: samplePlan(plan), dataset, train: [] });
}

const makeRun = (infer_mode?: unknown, row: Row = ROW) => shapeFor(infer_mode).makeRun({ index: 4, row }, 1);

const texts = (prompt: unknown) => (prompt as { content: string }[]).map(({ content }) => content);

describe('infer_mode every', () => {
  it('goes on with what the model said, without its reasoning', async () => {
    const { asked, told } = await runFake(makeRun(), 100, (_call, n) => ({
      content: `answer ${n}`,
      reasoning: 'hm',
    }));
    expect(asked.map(({ call }) => texts(call.prompt))).toEqual([
      ['a?'],
      ['a?', 'answer 0', 'b?'],
      ['a?', 'answer 0', 'b?', 'answer 1', 'c?'],
    ]);
    expect(told.map(({ content, gold }) => [content, gold])).toEqual([
      ['answer 0', 'A'],
      ['answer 1', 'B'],
      ['answer 2', 'C'],
    ]);
  });

  it('a turn is due when the one before it has ended', async () => {
    const { asked } = await runFake(makeRun(), 100, () => 'x');
    expect(asked.map(({ due }) => due)).toEqual([100, 110, 120]);
  });

  it('turns are numbered, and share the id of their case', async () => {
    const one = makeRun();
    const { asked } = await runFake(one, 0, () => 'x');
    expect(asked.map(({ call }) => call.ref)).toEqual(
      [0, 1, 2].map((turn) => ({
        id: one.ref.id,
        model: 'model',
        dataset: 'data',
        index: 4,
        repetition: 1,
        turn,
        turns: 3,
      })),
    );
    expect(one.first.ref).toEqual(asked[0]!.call.ref);
  });

  it('a failed turn ends it; the turns that were not asked are told as failed', async () => {
    const { asked, told } = await runFake(makeRun(), 0, (_call, n) => (n === 1 ? { fail: 'timeout' } : 'x'));
    expect(asked).toHaveLength(2);
    expect(told.map(({ success, failure, call }) => [call.turn, success, failure?.message])).toEqual([
      [0, true, undefined],
      [1, false, 'broken'],
      [2, false, 'not asked: turn 2 of the dialogue failed'],
    ]);
    expect(told[2]).toMatchObject({ gold: 'C', failure: { kind: 'cancelled' } });
  });

  it('a run that is stopped ends it, and nothing is told of what it kept from being asked', async () => {
    const stopped = await runFake(makeRun(), 0, (_call, n) => (n === 1 ? undefined : 'x'));
    expect(stopped.told.map(({ call }) => call.turn)).toEqual([0]);
    const aborted = await runFake(makeRun(), 0, (_call, n) => (n === 1 ? { fail: 'cancelled' } : 'x'));
    expect(aborted.told.map(({ call }) => call.turn)).toEqual([0, 1]);
  });

  it('needs no answers of the dataset', async () => {
    const row = { question: ['a?', 'b?'] };
    const { told } = await runFake(makeRun('every', row), 0, () => 'x');
    expect(told.map(({ gold }) => gold)).toEqual([undefined, undefined]);
  });

  it('can be run again', async () => {
    const one = makeRun();
    const again = async () =>
      (await runFake(one, 0, (_call, n) => `${n}`)).asked.map(({ call }) => call.prompt);
    expect(await again()).toEqual(await again());
  });
});

describe('infer_mode every_with_gt', () => {
  it("goes on with the dataset's answers", async () => {
    const { asked, told } = await runFake(makeRun('every_with_gt'), 0, () => 'x');
    expect(asked.map(({ call }) => texts(call.prompt))).toEqual([
      ['a?'],
      ['a?', 'A', 'b?'],
      ['a?', 'A', 'b?', 'B', 'c?'],
    ]);
    expect(told).toHaveLength(3);
  });

  it('a failed turn ends it too', async () => {
    const { asked } = await runFake(makeRun('every_with_gt'), 0, () => ({ fail: 'connect' }));
    expect(asked).toHaveLength(1);
  });
});

describe('infer_mode last', () => {
  it("is one request, with the dataset's dialogue before it", async () => {
    const { asked, told } = await runFake(makeRun('last'), 5, () => 'x');
    expect(asked).toHaveLength(1);
    expect(asked[0]!.due).toBe(5);
    expect(asked[0]!.call.ref).not.toHaveProperty('turn');
    expect(texts(asked[0]!.call.prompt)).toEqual(['a?', 'A', 'b?', 'B', 'c?']);
    expect(told).toMatchObject([{ content: 'x', gold: 'C' }]);
  });
});

describe('what is refused', () => {
  it.each(['last', 'every_with_gt'])('%s without the answers that it goes on with', (mode) => {
    const row = { question: ['a?', 'b?', 'c?'], answer: ['A', null, 'C'] };
    expect(() => makeRun(mode, row)).toThrow('the dataset has no answer of its own for turn 2');
    expect(() => makeRun(mode, { question: ['a?'] })).not.toThrow();
  });

  it.each([
    ['evry', 'did you mean "every"?'],
    [7, 'use one of: every, last, every_with_gt'],
  ])('infer_mode %j', (mode, cure) => {
    expect(() => shapeFor(mode)).toThrow(expect.objectContaining({ code: 'ICLI-PARAM-002', cure }));
  });
});

describe('requests and ids', () => {
  it('a row makes as many requests as it has turns, or one', () => {
    expect(shapeFor().countRequests(ROW)).toBe(3);
    expect(shapeFor('every_with_gt').countRequests(ROW)).toBe(3);
    expect(shapeFor('last').countRequests(ROW)).toBe(1);
  });

  it('each mode asks something else', () => {
    const ids = ['every', 'last', 'every_with_gt'].map((mode) => makeRun(mode).ref.id);
    expect(new Set(ids).size).toBe(3);
    expect(makeRun('every').ref.id).toBe(makeRun().ref.id);
  });

  it("the dataset's answers make another case only where they are told", () => {
    const other = { ...ROW, answer: ['Z', 'B', 'C'] };
    expect(makeRun('every', other).ref.id).toBe(makeRun('every').ref.id);
    expect(makeRun('every_with_gt', other).ref.id).not.toBe(makeRun('every_with_gt').ref.id);
  });
});

describe('max_out_len', () => {
  const limits = (max_out_len: unknown) =>
    runFake(
      shapeFor('every', { options: sampleOptions({ maxOutLen: 77 }) }).makeRun(
        { index: 0, row: { ...ROW, max_out_len } },
        0,
      ),
      0,
      () => 'x',
    ).then(({ asked }) => asked.map(({ call }) => call.maxOutLen));

  it('is one for all turns, or a list with one a turn', async () => {
    expect(await limits(5)).toEqual([5, 5, 5]);
    expect(await limits([5, 6, 7])).toEqual([5, 6, 7]);
    expect(await limits([5, null])).toEqual([5, 77, 77]);
    expect(await limits(undefined)).toEqual([77, 77, 77]);
  });
});

it('any dialogue that breaks off anywhere: each turn is told once, and judged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 8 }), async (turns, failsAt) => {
      const row = {
        question: Array.from({ length: turns }, (_, i) => `q${i}`),
        answer: Array.from({ length: turns }, (_, i) => `a${i}`),
      };
      const { asked, told } = await runFake(makeRun('every', row), 0, (_call, n) =>
        n === failsAt ? { fail: 'http-status' } : `said ${n}`,
      );
      expect(asked).toHaveLength(Math.min(turns, failsAt + 1));
      expect(told.map(({ call }) => call.turn)).toEqual(row.question.map((_, turn) => turn));
      expect(told.map(({ gold }) => gold)).toEqual(row.answer);
      expect(told.map(({ success }) => success)).toEqual(row.question.map((_, turn) => turn < failsAt));
    }),
    { numRuns: 50 },
  );
});
