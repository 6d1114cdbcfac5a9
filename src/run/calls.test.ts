import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleOptions, type samplePlan, sampleSource } from '../../test/support/sample-source.ts';
import { callAt, callCount } from './calls.ts';

const idsOf = (source: ReturnType<typeof sampleSource>) =>
  Array.from({ length: callCount(source) }, (_, n) => callAt(source, n).ref.id);

describe('calls', () => {
  it('repetitions of a row stand side by side', () => {
    const source = sampleSource(2, { repetitions: 3 });
    expect(callCount(source)).toBe(6);
    const refs = Array.from({ length: 6 }, (_, n) => callAt(source, n).ref);
    expect(refs.map(({ index, repetition }) => [index, repetition])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(refs[0]).toMatchObject({ model: 'model', dataset: 'data' });
  });

  it('rows keep their place in the dataset, whichever are picked', () => {
    const source = sampleSource(10);
    const picked = { ...source, rows: [source.rows[7]!, source.rows[2]!] };
    expect(callAt(picked, 0).ref).toEqual(callAt(source, 7).ref);
    expect(callAt(picked, 1).ref).toEqual(callAt(source, 2).ref);
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
    // A resumed run must know its calls again: this may only change together with the record's format version.
    const options = sampleOptions({ model: 'name', maxOutLen: 5, generationKwargs: { temperature: 0 } });
    expect(callAt(sampleSource(1, { options }), 0).ref.id).toBe('003cfd038814c747');
  });

  it('an id changes with all that is asked, and with nothing else', () => {
    const id = (plan: Parameters<typeof samplePlan>[0], change = {}) =>
      callAt({ ...sampleSource(1, plan), ...change }, 0).ref.id;
    const own = id({});
    const others = [
      id({ abbr: 'other' }),
      id({ options: sampleOptions({ model: 'other' }) }),
      id({ options: sampleOptions({ maxOutLen: 1 }) }),
      id({ options: sampleOptions({ generationKwargs: { temperature: 1 } }) }),
      id({}, { dataset: 'other' }),
      id({}, { render: () => 'other' }),
    ];
    expect(new Set([own, ...others]).size).toBe(1 + others.length);
    for (const same of [
      id({ concurrency: 9, attempts: 5, ratePerSecond: 3 }),
      id({ options: sampleOptions({ url: 'http://elsewhere/', apiKey: 'other' }) }),
    ]) {
      expect(same).toBe(own);
    }
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
  ])('max_out_len %j of a row asks for %i tokens', (own, asked) => {
    const source = sampleSource(1, { options: sampleOptions({ maxOutLen: 77 }) });
    const rows = [{ index: 0, row: { question: 'q', max_out_len: own } }];
    expect(callAt({ ...source, rows }, 0).maxOutLen).toBe(asked);
  });

  it('carries prompt and reference', () => {
    expect(callAt(sampleSource(2), 1)).toMatchObject({ prompt: 'question 1', gold: 'question 1' });
  });
});
