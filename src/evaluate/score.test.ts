import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractRate, score, wilson } from './score.ts';
import { type Judged, VERDICTS, type Verdict } from './types.ts';

function judged(verdict: Verdict, compat: Verdict = verdict): Judged {
  const base = { id: 'i', index: 0, repetition: 0, reference: '18', rules: 'fixed' as const };
  return { ...base, verdict, fixed: { verdict }, compat: { verdict: compat } };
}

describe('score', () => {
  it('counts every verdict, failed and unextractable ones in the denominator', () => {
    const card = score([
      judged('correct'),
      judged('correct', 'wrong'),
      judged('wrong', 'correct'),
      judged('wrong'),
      judged('wrong'),
      judged('unextractable'),
      judged('truncated'),
      judged('failed'),
    ]);
    expect(card).toMatchObject({
      metric: 'accuracy',
      value: 25,
      byRules: { fixed: 25, compat: 25 },
      ...{ n: 8, correct: 2, wrong: 3, unextractable: 1, truncated: 1, failed: 1 },
      lowerBound: 25,
      upperBound: 62.5,
    });
  });

  it('says how many dialogues the answers are turns of', () => {
    const turns = ['a', 'a', 'b'].map((id, turn) => ({ ...judged('correct'), id, turn }));
    expect(score(turns)).toMatchObject({ n: 3, dialogues: 2 });
    expect(score([judged('correct')])).not.toHaveProperty('dialogues');
  });

  it('refuses to score nothing', () => {
    expect(() => score([])).toThrow(expect.objectContaining({ code: 'RUN-DATA-001' }));
  });

  it('adds up for any verdicts', () => {
    const verdicts = fc.array(fc.constantFrom(...VERDICTS), { minLength: 1 });
    fc.assert(
      fc.property(verdicts, (list) => {
        const { n, value, interval, lowerBound, upperBound, ...counts } = score(
          list.map((verdict) => judged(verdict)),
        );
        expect(VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0)).toBe(n);
        expect(lowerBound).toBe((100 * counts.correct) / n);
        expect(upperBound).toBeCloseTo(100 - (100 * counts.wrong) / n, 9);
        if (counts.failed === n) {
          expect([value, interval]).toEqual([undefined, undefined]);
        } else {
          expect(value).toBe(lowerBound);
          expect(interval!.low).toBeLessThanOrEqual(value!);
          expect(interval!.high).toBeGreaterThanOrEqual(value!);
        }
      }),
    );
  });
});

describe('wilson', () => {
  // Published values: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%d of %d', (correct, n, low, high) => {
    const interval = wilson(correct, n);
    expect(interval.low / 100).toBeCloseTo(low, 4);
    expect(interval.high / 100).toBeCloseTo(high, 4);
  });

  it('stays between 0 and 100, is symmetric, and narrows with n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(), (n, seed) => {
        const correct = seed % (n + 1);
        const { low, high } = wilson(correct, n);
        const mirrored = wilson(n - correct, n);
        const larger = wilson(4 * correct, 4 * n);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(100);
        expect(mirrored.low).toBeCloseTo(100 - high, 6);
        expect(larger.high - larger.low).toBeLessThan(high - low);
      }),
    );
  });
});

describe('extractRate', () => {
  const extraction = { answer: '1', rule: 'r', span: [0, 1] as const };
  const found = (verdict: Verdict): Judged => ({ ...judged(verdict), extraction });

  it('is the share of the replies in which an answer was found', () => {
    expect(extractRate([found('correct'), found('wrong'), judged('unextractable'), judged('failed')])).toBe(
      200 / 3,
    );
    expect(extractRate([judged('failed')])).toBeUndefined();
  });
});
