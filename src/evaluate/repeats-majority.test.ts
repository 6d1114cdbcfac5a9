import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consensusAtK, type Vote } from './score.ts';

/** One letter an answer: `r` is right, `.` abstains, any other is wrong. */
function votes(letters: string): Vote[] {
  return [...letters].map((letter) => ({
    answer: letter === '.' ? undefined : letter,
    correct: letter === 'r',
  }));
}

describe('the most frequent of all answers', () => {
  it.each([
    ['rrx', 1],
    ['rxx', 0],
    ['rrxyz', 1], // AISBench says 0: two are not more than half of five
    ['rrrxxxx', 0], // AISBench says 0 too
    ['rrrxxyyz', 1],
    ['rx', 1 / 2],
    ['rxyz', 1 / 4],
    ['rrxxy', 1 / 2],
    ['r....', 1],
    ['rx...', 1 / 2],
    ['xx', 0],
    ['...', 0],
    ['r', 1],
  ])('%s: %d', (letters, expected) => {
    expect(consensusAtK(votes(letters), letters.length)).toBeCloseTo(expected, 12);
  });

  it('is worth what its answers are worth, where the same answer was judged both ways', () => {
    const both = [
      { answer: 'a', correct: true },
      { answer: 'a', correct: false },
      { answer: 'b', correct: false },
    ];
    expect(consensusAtK(both, 3)).toBe(1 / 2);
  });
});

/** What a draw of some of the votes says. */
function vote(drawn: readonly Vote[]): number {
  const camps = new Map<string, Vote[]>();
  for (const one of drawn) {
    if (one.answer !== undefined) camps.set(one.answer, [...(camps.get(one.answer) ?? []), one]);
  }
  const most = Math.max(0, ...[...camps.values()].map(({ length }) => length));
  const winners = [...camps.values()].filter(({ length }) => length === most);
  const worths = winners.map((camp) => camp.filter(({ correct }) => correct).length / camp.length);
  return worths.length === 0 ? 0 : worths.reduce((sum, worth) => sum + worth, 0) / worths.length;
}

function draws<T>(from: readonly T[], k: number): T[][] {
  if (k === 0) return [[]];
  const [first, ...rest] = from;
  if (first === undefined) return [];
  return [...draws(rest, k - 1).map((draw) => [first, ...draw]), ...draws(rest, k)];
}

it('is the mean over every draw of k', () => {
  const some = fc
    .string({ unit: fc.constantFrom('r', 'x', 'y', 'z', '.'), minLength: 1, maxLength: 9 })
    .chain((letters) => fc.tuple(fc.constant(letters), fc.integer({ min: 1, max: letters.length })));
  fc.assert(
    fc.property(some, ([letters, k]) => {
      const all = draws(votes(letters), k);
      const mean = all.reduce((sum, draw) => sum + vote(draw), 0) / all.length;
      expect(consensusAtK(votes(letters), k)).toBeCloseTo(mean, 10);
    }),
    { numRuns: 100 },
  );
});

it('holds for hundreds of answers: one of them is the mean, and a clear majority wins nearly always', () => {
  const many = votes('r'.repeat(120) + 'x'.repeat(60) + 'y'.repeat(10) + '.'.repeat(10));
  expect(consensusAtK(many, 1)).toBeCloseTo(120 / 200, 10);
  expect(consensusAtK(many, 25)).toBeGreaterThan(0.95);
  expect(consensusAtK(many, 25)).toBeLessThan(1);
});
