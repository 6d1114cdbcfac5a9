import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Judged, Verdict } from '../../evaluate/types.ts';
import { scoreChange } from './compare-runs.ts';

interface Answer {
  readonly verdict: Verdict;
  readonly credit?: number;
  readonly source?: string;
}

/** `id`: hashes of another model are others. */
function judged(answers: readonly Answer[], id = 'a', metric = 'accuracy') {
  const all = answers.map(({ verdict, credit, source }, index): Judged => {
    const judgement = { verdict, ...(credit === undefined ? {} : { credit }) };
    return {
      ...judgement,
      id: `${id}${index}`,
      index,
      repetition: 0,
      reference: '',
      rules: 'fixed',
      fixed: judgement,
      compat: judgement,
      ...(source === undefined ? {} : { source }),
    };
  });
  return { metric, judged: all };
}

const answers = (...verdicts: readonly Verdict[]): Answer[] => verdicts.map((verdict) => ({ verdict }));
const times = (n: number, ...verdicts: readonly Verdict[]): Answer[] =>
  Array.from({ length: n }, () => answers(...verdicts)).flat();

describe('scoreChange', () => {
  it('pairs by row whatever the hashes, and shows right to wrong first', () => {
    const before = judged(answers('wrong', 'correct', 'wrong', 'correct'), 'a');
    const after = judged(answers('correct', 'correct', 'truncated', 'wrong'), 'b');
    const { changes, score } = scoreChange(before, after);
    expect(changes.map((one) => [one.after.index, one.before.verdict, one.after.verdict])).toEqual([
      [3, 'correct', 'wrong'],
      [0, 'wrong', 'correct'],
      [2, 'wrong', 'truncated'],
    ]);
    expect(score).toMatchObject({ pairs: 4, lost: 1, won: 1 });
    expect(score!.difference).toMatchObject({ before: 50, after: 50, change: 0, p: 1, n: [4, 4] });
  });

  it('tests right and wrong with McNemar, exactly', () => {
    const before = judged([...times(30, 'correct'), ...times(8, 'correct')]);
    const after = judged([...times(30, 'correct'), ...times(8, 'wrong')]);
    // Eight of eight one way: 2 / 2⁸.
    expect(scoreChange(before, after).score!.difference!.p).toBeCloseTo(2 / 256, 12);
  });

  it('does not take rows of one source for independent', () => {
    const of = (verdict: Verdict) =>
      Array.from({ length: 40 }, (_, i) => ({
        verdict: i < 8 ? verdict : ('correct' as const),
        source: `s${i >> 3}`,
      }));
    const apart = (verdict: Verdict) => of(verdict).map(({ verdict: own }) => ({ verdict: own }));
    const pOf = (make: typeof apart) =>
      scoreChange(judged(make('correct')), judged(make('wrong'))).score!.difference!.p;
    expect(pOf(apart)).toBeLessThan(0.01);
    expect(pOf(of)).toBeGreaterThan(0.1);
  });

  it('counts credits between, and says how many rows a change of a point would need', () => {
    const before = judged(Array.from({ length: 50 }, () => ({ verdict: 'partial' as const, credit: 0.5 })));
    const after = judged(Array.from({ length: 50 }, () => ({ verdict: 'partial' as const, credit: 0.75 })));
    const { difference, won } = scoreChange(before, after).score!;
    expect(won).toBe(50);
    expect(difference).toMatchObject({ before: 50, after: 75, change: 25 });
    expect(difference!.p).toBeLessThan(0.001);
    // Connor with 20 % of pairs differing: (1.96 √0.2 + 1.2816 √(0.2 − 0.0001))² / 0.0001.
    const flips = scoreChange(
      judged([...times(81, 'correct'), ...times(19, 'correct')]),
      judged([...times(81, 'correct'), ...times(19, 'wrong')]),
    ).score!.difference!;
    const exact = (1.959964 * Math.sqrt(0.2) + 1.281552 * Math.sqrt(0.1999)) ** 2 / 1e-4;
    expect(flips.needed(1, 0.05).n).toBe(Math.ceil(exact));
  });

  it('says why there is no number', () => {
    const some = judged(answers('correct'));
    const other = scoreChange(some, judged(answers('correct'), 'a', 'edit_distance'));
    expect(other.score!.reason).toMatchObject({ code: 'METRICS-DIFFER', params: { after: 'edit_distance' } });
    expect(scoreChange(some, judged([])).score!.reason).toMatchObject({ code: 'NO-COMMON-SAMPLE' });
    expect(scoreChange(some, undefined)).toEqual({ changes: [] });
  });

  it('turns round with the runs', () => {
    const verdicts = fc.array(
      fc.tuple(fc.constantFrom<Verdict>('correct', 'wrong'), fc.constantFrom<Verdict>('correct', 'wrong')),
      { minLength: 2, maxLength: 60 },
    );
    fc.assert(
      fc.property(verdicts, (pairs) => {
        const one = judged(answers(...pairs.map(([a]) => a)));
        const other = judged(answers(...pairs.map(([, b]) => b)));
        const [there, back] = [scoreChange(one, other).score!, scoreChange(other, one).score!];
        expect([there.lost, there.won]).toEqual([back.won, back.lost]);
        expect(there.difference!.change).toBeCloseTo(-back.difference!.change, 9);
        expect(there.difference!.p).toBe(back.difference!.p);
        expect(there.difference!.low).toBeCloseTo(-back.difference!.high, 9);
      }),
    );
  });
});
