import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passAtK, repeatMeasures } from './score.ts';
import type { Judged, Judgement } from './types.ts';

/** A line a question, a letter an answer: `r` is right, `.` was not found, any other is wrong; in the order of AISBench's rows. */
function answers(...questions: string[]): Judged[] {
  return questions.flatMap((letters, index) =>
    [...letters].map((letter, repetition) => judged(letter, { index, repetition })),
  );
}

function judged(
  letter: string,
  place: Pick<Judged, 'index' | 'repetition'>,
  own: Partial<Judged> = {},
): Judged {
  const extraction = { answer: letter, rule: 'letter', span: [0, 1] as const };
  const side: Judgement =
    letter === '.'
      ? { verdict: 'unextractable' }
      : { verdict: letter === 'r' ? 'correct' : 'wrong', extraction };
  const id = `${place.index} ${place.repetition}`;
  return { ...{ id, reference: 'r', rules: 'fixed' }, ...place, ...side, fixed: side, compat: side, ...own };
}

const valuesOf = (measures: ReturnType<typeof repeatMeasures>) =>
  Object.fromEntries(Object.entries(measures).map(([name, { value }]) => [name, value]));

describe('repeatMeasures', () => {
  it('says nothing of questions that were asked once', () => {
    expect(repeatMeasures(answers('r', 'x'))).toEqual({});
  });

  it('puts answers to their own questions (AISBench, bug 42: pass@2 100, cons@2 0)', () => {
    expect(valuesOf(repeatMeasures(answers('rr', 'xx')))).toEqual({ 'pass@2': 50, 'cons@2': 50 });
  });

  it('does so in whatever order they came', () => {
    const [a, b, c, d] = answers('rr', 'xx');
    expect(valuesOf(repeatMeasures([c!, a!, d!, b!]))).toEqual({ 'pass@2': 50, 'cons@2': 50 });
  });

  it('takes a real vote, and AISBench’s count of the right ones under compat', () => {
    const judged = answers('rrxyz');
    expect(repeatMeasures(judged)['cons@5']).toMatchObject({ value: 100, compat: 0, n: 1 });
    const compat = judged.map((one) => ({ ...one, rules: 'compat' as const }));
    expect(repeatMeasures(compat)['cons@5']).toMatchObject({ value: 0, compat: 0 });
  });

  it('gives every k that is asked for, and says how many questions have that many answers', () => {
    const measures = repeatMeasures(answers('rxxx', 'rr', 'x'), [1, 2, 4, 8]);
    expect(Object.keys(measures)).toEqual(['pass@1', 'cons@1', 'pass@2', 'cons@2', 'pass@4', 'cons@4']);
    expect(measures['pass@1']).toMatchObject({ n: 3 });
    expect(measures['pass@1']!.value).toBeCloseTo((100 * (0.25 + 1 + 0)) / 3, 10);
    expect(measures['pass@2']).toMatchObject({ n: 2 });
    expect(measures['pass@2']!.value).toBeCloseTo(100 * ((0.5 + 1) / 2), 10);
    expect(measures['pass@4']).toMatchObject({ value: 100, n: 1 });
  });

  it('takes each turn of a dialogue for a question of its own', () => {
    const turns = [0, 1].flatMap((repetition) =>
      [0, 1].map((turn) => judged(turn === 0 ? 'r' : 'x', { index: 7, repetition }, { turn })),
    );
    expect(repeatMeasures(turns)['pass@2']).toMatchObject({ value: 50, n: 2 });
  });

  it('has an interval over questions, and none where all are of one source', () => {
    const judged = answers('rr', 'xx', 'rx', 'rr');
    expect(repeatMeasures(judged)['pass@2']!.interval).toMatchObject({ method: 'Wilson', level: 0.95 });
    const one = judged.map((answer) => ({ ...answer, source: 'passage' }));
    expect(repeatMeasures(one)['pass@2']).not.toHaveProperty('interval');
  });

  it('is the mean of pass@k over the questions', () => {
    const four = fc.string({ unit: fc.constantFrom('r', 'x', '.'), minLength: 4, maxLength: 4 });
    const questions = fc.array(four, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(questions, fc.integer({ min: 1, max: 4 }), (list, k) => {
        const right = list.map((letters) => letters.split('r').length - 1);
        const mean = right.reduce((sum, c) => sum + passAtK(4, c, k), 0) / list.length;
        const { [`pass@${k}`]: pass, [`cons@${k}`]: cons } = repeatMeasures(answers(...list), [k]);
        expect(pass!.value).toBeCloseTo(100 * mean, 9);
        // A vote among k is right only where one of the k is.
        expect(cons!.value).toBeLessThanOrEqual(pass!.value + 1e-9);
      }),
      { numRuns: 60 },
    );
  });
});
