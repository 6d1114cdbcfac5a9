/** The text metrics against what the Python packages gave that AISBench and the benchmarks' authors use. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fuzzRatio, similarity } from '../evaluators/longbench.ts';
import { porterStem, rougeScores } from '../evaluators/rouge.ts';
import { dropMetrics, dropText } from '../evaluators/texts.ts';
import { chineseRouge, packageRougeL } from './rouge.ts';
import { squadText, triviaText, wordF1 } from './squad.ts';

type Four = readonly [number, number, number, number];
interface Recorded {
  readonly texts: readonly (readonly [
    ...[answer: string, reference: string, squad: string, trivia: string, f1: number, triviaF1: number],
    ...[drop: string, rouge: Four, stemmed: Four, rougeL: number],
  ])[];
  readonly drop: readonly (readonly [string[], string[], exactMatch: number, f1: number])[];
  readonly alike: readonly (readonly [string, string, ratio: number, percent: number])[];
  readonly chinese: readonly (readonly [string[], string[], one: number, two: number, longest: number])[];
  readonly stems: readonly (readonly [word: string, stem: string])[];
}

const recorded: Recorded = JSON.parse(
  readFileSync(new URL('../../../test/fixtures/text/python.json', import.meta.url), 'utf8'),
);

describe('as in Python', () => {
  it('texts are reduced to the same words, and share as many', () => {
    expect(recorded.texts.length).toBeGreaterThan(200);
    for (const [answer, reference, squad, trivia, f1, triviaF1, drop] of recorded.texts) {
      expect({ answer, squad: squadText(answer) }).toEqual({ answer, squad });
      expect({ answer, trivia: triviaText(answer) }).toEqual({ answer, trivia });
      expect({ answer, drop: dropText(answer) }).toEqual({ answer, drop });
      expect(wordF1(answer, reference)).toBeCloseTo(f1, 12);
      expect(wordF1(answer, reference, triviaText)).toBeCloseTo(triviaF1, 12);
    }
  });

  it.each([false, true])('rouge_score gives the same, use_stemmer=%s', (stem) => {
    for (const [answer, reference, , , , , , plain, stemmed] of recorded.texts) {
      const { rouge1, rouge2, rougeL, rougeLsum } = rougeScores(answer, reference, stem);
      const expected = stem ? stemmed : plain;
      for (const [i, own] of [rouge1, rouge2, rougeL, rougeLsum].entries())
        expect([answer, reference, own]).toEqual([answer, reference, expect.closeTo(expected[i]!, 12)]);
    }
  });

  it('rouge gives the same', () => {
    for (const [answer, reference, , , , , , , , expected] of recorded.texts) {
      const own = packageRougeL(answer, reference, { deepIsZero: true });
      expect([answer, reference, own]).toEqual([answer, reference, expect.closeTo(expected, 12)]);
    }
  });

  it('rouge_chinese gives the same', () => {
    for (const [own, gold, rouge1, rouge2, rougeL] of recorded.chinese) {
      const found = chineseRouge(own, gold);
      for (const [name, value] of Object.entries({ rouge1, rouge2, rougeL }))
        expect([own, gold, found[name as keyof typeof found]]).toEqual([
          own,
          gold,
          expect.closeTo(value, 12),
        ]);
    }
  });

  it('DROP’s spans are aligned and counted the same', () => {
    for (const [predicted, gold, exactMatch, f1] of recorded.drop)
      expect({ predicted, gold, ...dropMetrics(predicted, gold) }).toEqual({
        predicted,
        gold,
        exactMatch,
        f1,
      });
  });

  it('difflib and fuzzywuzzy find texts as alike', () => {
    for (const [a, b, ratio, percent] of recorded.alike) {
      expect([a, b, similarity(a, b)]).toEqual([a, b, expect.closeTo(ratio, 12)]);
      expect([a, b, fuzzRatio(a, b)]).toEqual([a, b, percent]);
    }
  });

  it('words have the same stems', () => {
    expect(recorded.stems.map(([word]) => [word, porterStem(word)])).toEqual(recorded.stems);
  });
});
