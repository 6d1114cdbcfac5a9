import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdictChanges } from './changes.ts';
import { type Judged, VERDICTS, type Verdict } from './types.ts';

function judged(index: number, verdict: Verdict, own: Partial<Judged> = {}): Judged {
  const side = { verdict };
  const place = { id: `case ${index}`, index, repetition: 0 };
  return { ...place, reference: '1', rules: 'fixed', ...side, fixed: side, compat: side, ...own };
}

describe('verdictChanges', () => {
  it('puts right to wrong first, then what is right now, then the rest, each by row', () => {
    const before = [judged(0, 'wrong'), judged(1, 'wrong'), judged(2, 'correct'), judged(3, 'correct')];
    const after = [
      judged(3, 'wrong'),
      judged(2, 'truncated'),
      judged(1, 'unextractable'),
      judged(0, 'correct'),
    ];
    const changes = verdictChanges(before, after);
    expect(changes.map((one) => one.after.index)).toEqual([2, 3, 0, 1]);
  });

  it('tells the turns of a dialogue apart, and leaves out what one side alone has', () => {
    const before = [judged(0, 'correct', { turn: 0 }), judged(0, 'wrong', { turn: 1 }), judged(5, 'correct')];
    const after = [judged(0, 'correct', { turn: 0 }), judged(0, 'correct', { turn: 1 }), judged(6, 'wrong')];
    expect(verdictChanges(before, after)).toEqual([{ before: before[1], after: after[1] }]);
  });

  it('finds exactly the rows whose verdict differs', () => {
    const verdict = fc.constantFrom(...VERDICTS);
    fc.assert(
      fc.property(fc.array(fc.tuple(verdict, verdict)), (pairs) => {
        const changes = verdictChanges(
          pairs.map(([then], n) => judged(n, then)),
          pairs.map(([, now], n) => judged(n, now)),
        );
        const differing = pairs.flatMap(([then, now], n) => (then === now ? [] : [n]));
        expect(changes.map((one) => one.after.index).sort((a, b) => a - b)).toEqual(differing);
        const lost = changes.map(({ before }) => before.verdict === 'correct');
        expect(lost).toEqual([...lost].sort((a, b) => Number(b) - Number(a)));
      }),
    );
  });
});
