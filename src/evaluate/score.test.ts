import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extractRate, score } from './score.ts';
import { type Judged, VERDICTS, type Verdict } from './types.ts';

function judged(verdict: Verdict, own: Partial<Judged> = {}, compat: Verdict = verdict): Judged {
  const base = { id: 'i', index: 0, repetition: 0, reference: '18', rules: 'fixed' as const };
  return { ...base, verdict, fixed: { verdict }, compat: { verdict: compat }, ...own };
}

/** One answer a question. */
function each(...verdicts: readonly Verdict[]): Judged[] {
  return verdicts.map((verdict, index) => judged(verdict, { index }));
}

function partial(credit: number, index: number): Judged {
  const side = { verdict: 'partial' as const, credit };
  return { ...judged('partial', { index }), ...side, fixed: side, compat: side };
}

describe('score', () => {
  it('counts every verdict, failed and unextractable ones in the denominator', () => {
    const card = score([
      judged('correct', { index: 0 }),
      judged('correct', { index: 1 }, 'wrong'),
      judged('wrong', { index: 2 }, 'correct'),
      judged('wrong', { index: 3 }),
      judged('wrong', { index: 4 }),
      judged('unextractable', { index: 5 }),
      judged('truncated', { index: 6 }),
      judged('failed', { index: 7 }),
    ]);
    expect(card).toMatchObject({
      metric: 'accuracy',
      value: 25,
      byRules: { fixed: 25, compat: 25 },
      ...{ n: 8, correct: 2, wrong: 3, unextractable: 1, truncated: 1, failed: 1 },
      lowerBound: 25,
      upperBound: 62.5,
      interval: { method: 'Wilson' },
    });
    expect(card).not.toHaveProperty('questions');
    expect(card).not.toHaveProperty('metrics');
  });

  it('is the mean credit, with an interval for means, where an answer is worth a part', () => {
    const card = score([partial(0.5, 0), partial(0.25, 1), judged('correct', { index: 2 })]);
    expect(card.value).toBeCloseTo((100 * 1.75) / 3, 10);
    expect(card).toMatchObject({ partial: 2, correct: 1, n: 3 });
    const apart = score([partial(0.5, 0), partial(0.25, 1), partial(0.75, 2)]);
    expect(apart.interval).toMatchObject({ method: 't', level: 0.95 });
  });

  it('pools the parts of an evaluator, a number and an interval each', () => {
    const answer = (followed: number, asked: number, index: number): Judged => {
      const verdict: Verdict = followed === asked ? 'correct' : 'wrong';
      const parts = { 'Inst-level': [followed, asked], f1: [followed / asked, 1] } as const;
      const side = { verdict, parts };
      return { ...judged(verdict, { index }), ...side, fixed: side, compat: side };
    };
    const { metrics } = score([answer(1, 1, 0), answer(1, 3, 1), answer(2, 2, 2), answer(0, 1, 3)]);
    expect(metrics!['Inst-level']).toMatchObject({
      value: (100 * 4) / 7,
      n: 7,
      interval: { method: 'Wilson, clustered' },
    });
    expect(metrics!['f1']).toMatchObject({ n: 4, interval: { method: 't' } });
    expect(metrics!['f1']!.value).toBeCloseTo((100 * (1 + 1 / 3 + 1 + 0)) / 4, 10);
  });

  it('counts repeated questions once for the interval, and tells avg@n, pass@k and cons@k', () => {
    const repeated = each('correct', 'correct', 'wrong', 'wrong').map((one, n) => ({
      ...one,
      index: Math.floor(n / 2),
      repetition: n % 2,
    }));
    const card = score(repeated, { ks: [1, 2] });
    expect(card).toMatchObject({
      value: 50,
      questions: 2,
      interval: { method: 'Wilson, clustered', clusters: 2 },
    });
    expect(Object.keys(card.metrics!)).toEqual(['avg@2', 'pass@1', 'cons@1', 'pass@2', 'cons@2']);
    expect(card.metrics!['avg@2']).toMatchObject({ value: 50, n: 4, interval: card.interval });
    expect(card.metrics!['pass@2']).toMatchObject({ value: 50, n: 2 });
    expect(Object.keys(score(repeated).metrics!)).toEqual(['avg@2', 'pass@2', 'cons@2']);
  });

  it('knows questions of one source for dependent', () => {
    const verdicts = Array.from({ length: 40 }, (_, n): Verdict => (n < 20 ? 'correct' : 'wrong'));
    const apart = score(each(...verdicts)).interval!;
    const together = score(
      each(...verdicts).map((one, n) => ({ ...one, source: `passage ${Math.floor(n / 5)}` })),
    ).interval!;
    expect(together).toMatchObject({ method: 'Wilson, clustered', clusters: 8 });
    expect(together.high - together.low).toBeGreaterThan(1.8 * (apart.high - apart.low));
  });

  it('says how many dialogues the answers are turns of', () => {
    const turns = ['a', 'a', 'b'].map((id, turn) => ({ ...judged('correct'), id, turn }));
    expect(score(turns)).toMatchObject({ n: 3, dialogues: 2 });
    expect(score(turns)).not.toHaveProperty('questions');
    expect(score([judged('correct')])).not.toHaveProperty('dialogues');
  });

  it('refuses to score nothing', () => {
    expect(() => score([])).toThrow(expect.objectContaining({ code: 'RUN-DATA-001' }));
  });

  it('adds up for any verdicts', () => {
    const verdict = fc.constantFrom(...VERDICTS.filter((one) => one !== 'partial'));
    fc.assert(
      fc.property(fc.array(verdict, { minLength: 1 }), (list) => {
        const { n, value, interval, lowerBound, upperBound, ...counts } = score(each(...list));
        expect(VERDICTS.reduce((sum, one) => sum + counts[one], 0)).toBe(n);
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

describe('extractRate', () => {
  const extraction = { answer: '1', rule: 'r', span: [0, 1] as const };
  const found = (verdict: Verdict): Judged => judged(verdict, { extraction });

  it('is the share of the replies in which an answer was found', () => {
    expect(extractRate([found('correct'), found('wrong'), judged('unextractable'), judged('failed')])).toBe(
      200 / 3,
    );
    expect(extractRate([judged('failed')])).toBeUndefined();
  });
});
