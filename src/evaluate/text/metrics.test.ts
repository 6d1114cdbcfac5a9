/** What holds for the text metrics whatever the texts are, and difflib against the Python that is installed. */
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anls } from '../evaluators/images.ts';
import { fuzzRatio, similarity } from '../evaluators/longbench.ts';
import { porterStem, rougeScores } from '../evaluators/rouge.ts';
import { bestAssignment, dropMetrics, dropText } from '../evaluators/texts.ts';
import { chineseRouge, packageRougeL } from './rouge.ts';
import { sharedF1, squadText, triviaText, wordF1 } from './squad.ts';

const word = fc.constantFrom('the', 'a', 'boats', 'Boat', 'left', '3', '3.0', '-5', "it's", '港', 'x.', '');
const text = fc.array(word, { maxLength: 9 }).map((words) => words.join(' '));
const spans = fc.array(text, { minLength: 1, maxLength: 4 });

describe('DROP', () => {
  it.each([
    [['12'], ['12.00'], 1, 1],
    [['The 1.2e1'], ['12'], 1, 1],
    [['Lind Ines'], ['Ines Lind'], 0, 1],
    [['30'], ['30-yard'], 0, 0.67],
    [['yard'], ['30 yard'], 0, 0],
    [['30 yards'], ['31 yards'], 0, 0],
    [['30 feet'], ['30 yards'], 0, 0.5],
    [['L.I.N.D.'], ['lind'], 1, 1],
    [['Lind', 'Brandt'], ['Brandt', 'Lind'], 1, 1],
    [['Lind', 'Lind'], ['Lind'], 0, 0.5],
    [['Ines Lind', 'Teuta Brandt'], ['Teuta Lind', 'Ines Brandt'], 0, 0.5],
    [[''], ['Lind'], 0, 0],
    [[], ['Lind'], 0, 0],
  ])('%j against %j', (predicted, gold, exactMatch, f1) => {
    expect(dropMetrics(predicted, gold)).toEqual({ exactMatch, f1 });
  });

  it('does not mind the order of spans, and gives its best to the same ones', () => {
    fc.assert(
      fc.property(spans, spans, (predicted, gold) => {
        const found = dropMetrics(predicted, gold);
        for (const { exactMatch, f1 } of [
          dropMetrics([...predicted].reverse(), gold),
          dropMetrics(predicted, [...gold].reverse()),
        ]) {
          expect(exactMatch).toBe(found.exactMatch);
          // A sum in another order may round the other way, where it lies between two hundredths.
          expect(Math.abs(f1 - found.f1)).toBeLessThan(0.0101);
        }
        const own = dropMetrics(gold, gold);
        expect(own).toEqual({ exactMatch: 1, f1: 1 });
        expect(dropText(dropText(gold[0]!))).toBe(dropText(gold[0]!));
      }),
    );
  });

  it('aligns as well as any other way would', () => {
    const score = fc.integer({ min: 0, max: 20 }).map((n) => n / 20);
    const table = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 5 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(score, { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
      );
    const bruteForce = (
      rows: readonly (readonly number[])[],
      used: ReadonlySet<number> = new Set(),
    ): number => {
      const [first, ...rest] = rows;
      if (first === undefined) return 0;
      const ways = first.flatMap((value, column) =>
        used.has(column) ? [] : [value + bruteForce(rest, new Set([...used, column]))],
      );
      return Math.max(bruteForce(rest, used), ...ways);
    };
    fc.assert(
      fc.property(table, (scores) => {
        expect(bestAssignment(scores)).toBeCloseTo(bruteForce(scores), 9);
      }),
    );
    expect(bestAssignment([])).toBe(0);
    expect(bestAssignment([[], []])).toBe(0);
  });
});

it('every share of words lies between 0 and 1, is the same either way round, and 1 of a text with itself', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      const both = [
        [wordF1(a, b), wordF1(b, a)],
        [wordF1(a, b, triviaText), wordF1(b, a, triviaText)],
        [rougeScores(a, b).rouge1, rougeScores(b, a).rouge1],
        [rougeScores(a, b, true).rouge2, rougeScores(b, a, true).rouge2],
        [rougeScores(a, b).rougeL, rougeScores(b, a).rougeL],
        [anls(a, [b], 'fixed'), anls(b, [a], 'fixed')],
        [chineseRouge([...a], [...b]).rougeL, chineseRouge([...b], [...a]).rougeL],
      ] as const;
      for (const [one, other] of both) {
        expect(one).toBeCloseTo(other, 12);
        expect(one).toBeGreaterThanOrEqual(0);
        expect(one).toBeLessThanOrEqual(1);
      }
      if (squadText(a) !== '') expect(wordF1(a, a)).toBe(1);
      expect(anls(a, [a], 'compat')).toBe(1);
      if (a.replaceAll('.', '').trim() !== '')
        expect(packageRougeL(a, a, { deepIsZero: true })).toBeCloseTo(1, 7);
    }),
  );
  expect(sharedF1([], [])).toBe(0);
  expect(anls('x', [], 'fixed')).toBe(0);
});

it('a stem is never longer than its word and a letter', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'aeiouyslngtdbz'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      letters,
      fc.constantFrom('', 'ing', 'ed', 'ies', 'ational', 'logi', 'fulli', 'y'),
      (stem, end) => {
        const reduced = porterStem(stem + end);
        expect(reduced.length).toBeLessThanOrEqual((stem + end).length + 1);
        expect(reduced.length).toBeGreaterThan(0);
      },
    ),
  );
});

const line = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', '(', 'é', '中', '😀'), maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' ', 'd'), minLength: 190, maxLength: 230 }),
);
const pairs = fc.sample(fc.tuple(line, line), { numRuns: 150, seed: 4 });
const { status, stdout } = spawnSync(
  'python3',
  [
    '-c',
    `import difflib, json, sys
pairs = json.loads(sys.stdin.buffer.read())
print(json.dumps([difflib.SequenceMatcher(None, a, b).ratio() for a, b in pairs]))`,
  ],
  { input: JSON.stringify(pairs), encoding: 'utf8' },
);

it.skipIf(status !== 0)('texts are as alike as the installed difflib says (skipped without python3)', () => {
  const expected = JSON.parse(stdout) as number[];
  pairs.forEach(([a, b], i) => {
    expect([a, b, similarity(a, b)]).toEqual([a, b, expect.closeTo(expected[i]!, 12)]);
  });
});

it('fuzz.ratio is whole, 100 of the same and 0 of a text and nothing', () => {
  fc.assert(
    fc.property(line, line, (a, b) => {
      const percent = fuzzRatio(a, b);
      expect(Number.isInteger(percent)).toBe(true);
      expect(percent).toBeGreaterThanOrEqual(0);
      expect(percent).toBeLessThanOrEqual(100);
      expect(fuzzRatio(a, a)).toBe(100);
    }),
    { numRuns: 30 },
  );
  expect(fuzzRatio('', 'a')).toBe(0);
});
