import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleDataset, sampleOptions, samplePlan, sampleSource } from '../../test/support/sample-source.ts';
import { AisBenchError } from '../contract/errors.ts';
import { singleTurn } from './inferencers.ts';
import { requestCount, sampleAt, sampleCount } from './shape.ts';

const idsOf = (source: ReturnType<typeof sampleSource>) =>
  Array.from({ length: sampleCount(source) }, (_, n) => sampleAt(source, n).ref.id);

describe('cases of one question', () => {
  it('repetitions of a row stand side by side', () => {
    const source = sampleSource(2, { repetitions: 3 });
    expect([sampleCount(source), requestCount(source)]).toEqual([6, 6]);
    const refs = Array.from({ length: 6 }, (_, n) => sampleAt(source, n).ref);
    expect(refs.map(({ index, repetition }) => [index, repetition])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(refs[0]).toMatchObject({ model: 'model', dataset: 'data' });
    expect(refs[0]).not.toHaveProperty('turn');
  });

  it('rows keep their place in the dataset, whichever are picked', () => {
    const source = sampleSource(10);
    const picked = { ...source, rows: [source.rows[7]!, source.rows[2]!] };
    expect(sampleAt(picked, 0).ref).toEqual(sampleAt(source, 7).ref);
    expect(sampleAt(picked, 1).ref).toEqual(sampleAt(source, 2).ref);
  });

  it('ids are distinct, and the same in every run', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5 }), (rows, repetitions) => {
        const ids = idsOf(sampleSource(rows, { repetitions }));
        expect(new Set(ids).size).toBe(rows * repetitions);
        expect(idsOf(sampleSource(rows, { repetitions }))).toEqual(ids);
      }),
      { numRuns: 20 },
    );
    // A resumed run must know its cases again: this may only change together with the record's format version.
    const options = sampleOptions({ model: 'name', maxOutLen: 5, generationKwargs: { temperature: 0 } });
    expect(sampleAt(sampleSource(1, { options }), 0).ref.id).toBe('003cfd038814c747');
  });

  it.each([
    [undefined, 77],
    [5, 5],
    ['12', 12],
    ['', 77],
    [null, 77],
    [0, 77],
    [-3, 77],
    [1.5, 77],
    ['many', 77],
    [[9, 8], 9],
    [[], 77],
  ])('max_out_len %j of a row asks for %i tokens', (own, asked) => {
    const source = sampleSource(1, { options: sampleOptions({ maxOutLen: 77 }) });
    const rows = [{ index: 0, row: { question: 'q', max_out_len: own } }];
    expect(sampleAt({ ...source, rows }, 0).first.maxOutLen).toBe(asked);
  });

  it('carries prompt and reference; no reference where the config names none', () => {
    expect(sampleAt(sampleSource(2), 1).first).toMatchObject({ prompt: 'question 1', gold: 'question 1' });
    const dataset = sampleDataset({}, { output_column: null });
    const { makeRun } = singleTurn({ model: samplePlan(), dataset, train: [] });
    expect(makeRun({ index: 0, row: { question: 'q', answer: 'a' } }, 0).first.gold).toBeUndefined();
  });
});

describe("a row's column tools", () => {
  const list = [{ type: 'function', function: { name: 'get_weather' } }];
  const firstOf = (tools: unknown, sendsTools = true) => {
    const { makeRun } = singleTurn({
      model: samplePlan({ sendsTools }),
      dataset: sampleDataset(),
      train: [],
    });
    return makeRun({ index: 0, row: { question: 'q', answer: 'a', tools } }, 0).first;
  };

  it('goes with the request where the model returns tool calls, and makes the case another one', () => {
    expect(firstOf(list).tools).toEqual(list);
    expect(firstOf(JSON.stringify(list)).tools).toEqual(list);
    expect(firstOf(list).ref.id).not.toBe(firstOf(undefined).ref.id);
  });

  it.each([undefined, null, ''])('%j is no tools', (tools) => {
    expect(firstOf(tools)).not.toHaveProperty('tools');
  });

  it('stays here where the model does not', () => {
    expect(firstOf(list, false)).not.toHaveProperty('tools');
    expect(firstOf(list, false).ref.id).toBe(firstOf(undefined, false).ref.id);
  });

  it.each(['{', '{}', 7, { name: 'f' }])('%j is refused', (tools) => {
    expect(() => firstOf(tools)).toThrow(AisBenchError);
    expect(() => firstOf(tools)).toThrow("a row's column tools cannot be read");
  });
});

describe("a row's column mm_type", () => {
  const firstOf = (row: object) => {
    const { makeRun } = singleTurn({ model: samplePlan(), dataset: sampleDataset(), train: [] });
    return makeRun({ index: 0, row: { question: 'q', answer: 'a', ...row } }, 0).first;
  };

  it('base64 puts files into the request, and the case stays the same', () => {
    expect(firstOf({ mm_type: 'base64' }).inlinesMedia).toBe(true);
    expect(firstOf({ mm_type: 'base64' }).ref.id).toBe(firstOf({}).ref.id);
  });

  it.each([{}, { mm_type: 'path' }])('%j leaves them', (row) => {
    expect(firstOf(row)).not.toHaveProperty('inlinesMedia');
  });
});
