import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { readJsonl } from '../../dataset/read.ts';
import { mathAnswerPostprocess, mathPostprocessV2 } from '../math/extract-math.ts';
import { readAnswer } from '../math/read-answer.ts';
import type { Evaluator, PredPostprocessor, RuleSet } from '../types.ts';
import { mathEvaluator } from './math.ts';

function evaluatorOf(options: Record<string, unknown>): Evaluator {
  return typeof mathEvaluator === 'function' ? mathEvaluator(options) : mathEvaluator;
}

const strings = evaluatorOf({ type: 'MATHEvaluator', version: 'v2' });
const meanings = evaluatorOf({ type: 'MATHEvaluator' });

describe('MATHEvaluator', () => {
  it('compares texts under compat where it has a version, and meanings otherwise', () => {
    const pair = ['23', '2\\cdot3'] as const;
    expect(strings.grade(sampleOf(...pair, { rules: 'compat' }))).toEqual({ credit: 1 });
    expect(strings.grade(sampleOf(...pair, { rules: 'fixed' }))).toEqual({ credit: 0 });
    expect(meanings.grade(sampleOf(...pair, { rules: 'compat' }))).toEqual({ credit: 0 });
  });

  it('extracts where the answer is the whole reply', () => {
    expect(meanings.grade(sampleOf('We get $\\boxed{\\frac12}$.', '0.5'))).toEqual({ credit: 1 });
    expect(meanings.grade(sampleOf('0.5', '\\frac{1}{2}'))).toEqual({ credit: 1 });
    expect(meanings.grade(sampleOf('', '0.5'))).toMatchObject({ credit: 0 });
  });

  it('takes the box of a reference that is a whole solution', () => {
    const solution = 'As $2 + 2 = 4$, it is $\\boxed{4}$.';
    expect(meanings.grade(sampleOf('4', solution))).toEqual({ credit: 1 });
    expect(meanings.grade(sampleOf('2', solution))).toEqual({ credit: 0 });
  });

  it('says where it compared texts', () => {
    expect(meanings.grade(sampleOf('to the east', '\\text{east}'))).toEqual({
      credit: 0,
      explanation: 'compared as texts: words',
    });
  });

  it.each([
    [{ version: 'v3' }, '"v3"'],
    [{ versoin: 'v2' }, "'versoin'"],
  ])('refuses %j', (options, named) => {
    expect(() => evaluatorOf(options)).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', message: expect.stringContaining(named) }),
    );
  });
});

function isRead(text: string): boolean {
  try {
    return readAnswer(text).kind !== undefined;
  } catch {
    return false;
  }
}

const data =
  process.env['AIS_BENCH_DATASETS_CACHE'] ??
  fileURLToPath(new URL('../../../../shared/data', import.meta.url));
const file = join(data, 'math500/test.jsonl');

describe.skipIf(!existsSync(file))('the gold answers of MATH-500 (skipped without its file)', () => {
  const cases: readonly (readonly [string, Evaluator, PredPostprocessor, RuleSet])[] = [
    ['string rules', strings, mathPostprocessV2, 'compat'],
    ['meanings', meanings, mathAnswerPostprocess, 'fixed'],
  ];

  it.each(cases)('are correct against themselves: %s', async (_, evaluator, extractor, rules) => {
    const rows = await readJsonl(file);
    expect(rows).toHaveLength(500);
    const wrong = rows.filter((row) => {
      const gold = String(row['answer']);
      const answer = extractor[rules](`So it is $\\boxed{${gold}}$.`)?.answer ?? '';
      const grade = evaluator.grade(sampleOf(answer, gold, { text: 'a reply', rules })) as { credit: number };
      return grade.credit !== 1;
    });
    expect(wrong).toEqual([]);
  });

  it('are correct in their solutions, and are read as formulas', async () => {
    const rows = await readJsonl(file);
    const wrong = rows.filter((row) => {
      const answer = mathAnswerPostprocess.fixed(String(row['solution']))?.answer ?? '';
      const grade = meanings.grade(sampleOf(answer, String(row['answer']), { text: 'a reply' }));
      return (grade as { credit: number }).credit !== 1;
    });
    expect(wrong.map((row) => row['answer'])).toEqual([]);
    const unread = rows.map((row) => String(row['answer'])).filter((gold) => !isRead(gold));
    expect(unread).toEqual([]);
  });

  it('are unequal to those of other problems', async () => {
    const all = (await readJsonl(file)).map((row) => String(row['answer']));
    // Degrees are a unit, and x = 5 is 5.
    const golds = [...new Set(all)].filter((gold) => !/circ|=/.test(gold)).slice(0, 60);
    const equal = golds.flatMap((gold, i) =>
      golds.slice(i + 1).filter((other) => {
        const grade = meanings.grade(sampleOf(other, gold, { text: 'a reply' })) as { credit: number };
        return grade.credit === 1;
      }),
    );
    expect(equal).toEqual([]);
  });
});
