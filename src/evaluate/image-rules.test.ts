/** The rules of answers about images against the same worked out by CPython (`test/support/image_reference.py`). */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { behindAnswer, readAnswerLine, type TextByLetter } from './choice/read-option.ts';
import { canInfer } from './evaluators/image-choice.ts';
import {
  anls,
  plainWords,
  textEvaluator,
  vqaAccuracy,
  vqaText,
  withoutPunctuation,
} from './evaluators/images.ts';
import type { Grade, RuleSet, Sample } from './types.ts';

const SCRIPT = fileURLToPath(new URL('../../test/support/image_reference.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

function python(requests: readonly (readonly unknown[])[]): unknown[] {
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const { stdout, stderr } = spawnSync('python3', ['-X', 'utf8', SCRIPT], { input, encoding: 'utf8' });
  const lines = stdout.trimEnd().split('\n');
  if (lines.length !== requests.length) throw new Error(stderr);
  return lines.map((line) => JSON.parse(line));
}

const texts = (pieces: readonly string[], maxLength: number) =>
  fc.array(fc.constantFrom(...pieces), { maxLength }).map((all) => all.join(''));

function credit(reply: string, gold: unknown, rules: RuleSet): number {
  const sample = { answer: reply.trim(), text: reply, reference: '', gold, rules, prompt: '', toolCalls: [] };
  return (textEvaluator.grade(sample satisfies Sample) as Grade).credit;
}

describe.skipIf(!hasPython)('as CPython works it out', () => {
  it('the line ANSWER:', () => {
    const reply = texts(
      [
        'ANSWER',
        'answer',
        'anſwer',
        ':',
        ' : ',
        'A',
        'B',
        'b',
        'E',
        ' ',
        ' ',
        '\n',
        '\t',
        '.',
        ',',
        '_',
        'é',
        'Ä',
        '5',
        '!',
        '\u2003',
      ],
      12,
    );
    const cases = fc.sample(fc.tuple(reply, fc.integer({ min: 1, max: 5 })), 3000);
    expect(cases.map((given) => readAnswerLine(...given))).toEqual(
      python(cases.map((given) => ['answer_line', ...given])),
    );
  });

  it('what stands behind ANSWER:', () => {
    const pieces = ['ANSWER:', 'answer:', 'x', ' ', '\n', '\r', '\u2028', '\u001c', '\ufeff', '6.'];
    const cases = fc.sample(texts(pieces, 8), 1000);
    expect(cases.map((text) => behindAnswer(text) ?? null)).toEqual(
      python(cases.map((text) => ['behind', text])),
    );
  });

  it("VLMEvalKit's choice", () => {
    const pieces = [
      'A',
      'B',
      'C',
      'Z',
      ' ',
      ' ',
      '. ',
      '(B)',
      'red',
      'Blue',
      'a',
      '\n',
      'the ',
      'Failed to obtain answer via API',
      'Cannot determine the answer',
      'İ',
    ];
    const options = fc.constantFrom<TextByLetter[]>(
      { A: 'red', B: 'blue', C: 'red and blue' },
      { A: 'a', B: 'İ' },
      { A: 'green' },
    );
    const cases = fc.sample(fc.tuple(texts(pieces, 9), options), 2000);
    expect(cases.map((given) => canInfer(...given)?.letter ?? null)).toEqual(
      python(cases.map((given) => ['infer', ...given])),
    );
  });

  const answer = texts(
    [
      'the ',
      'a ',
      'Two',
      ' none',
      'dont',
      "couldnt've",
      "yall'll",
      'oclock',
      ' ',
      '.',
      '1.5',
      '1,000',
      ',',
      '-',
      '/',
      'x',
      'X',
      '\n',
      '?',
      '\t',
    ],
    5,
  );

  it('the accuracy of VQA', () => {
    const given = fc.sample(fc.tuple(answer, fc.array(answer, { minLength: 1, maxLength: 10 })), 800);
    const cases = given.flatMap(([reply, golds]) =>
      // What agrees with somebody by chance is rare.
      [reply, golds[0]!].map((one) => [one, [...golds, golds[0]!, golds[0]!, golds[0]!]] as const),
    );
    for (const rules of ['fixed', 'compat'] as const) {
      const expected = python(cases.map((one) => ['vqa', ...one, rules === 'fixed'])) as number[];
      expect(expected.filter((one) => one > 0).length).toBeGreaterThan(100);
      cases.forEach(([reply, golds], i) => {
        expect([reply, golds, credit(reply, golds, rules)]).toEqual([
          reply,
          golds,
          expect.closeTo(expected[i]!, 12),
        ]);
      });
    }
  });

  it('ANLS', () => {
    const word = texts(['boat', 'Boat', 'ß', 'ab', ' ', '  ', '\n', 'é', '1'], 4);
    const cases = fc.sample(fc.tuple(word, fc.array(word, { minLength: 1, maxLength: 3 })), 1500);
    const expected = python(cases.map((given) => ['anls', ...given])) as number[];
    cases.forEach(([reply, golds], i) => {
      expect([reply, golds, anls(reply, golds, 'compat')]).toEqual([
        reply,
        golds,
        expect.closeTo(expected[i]!, 12),
      ]);
    });
  });
});

describe('the accuracy of VQA', () => {
  it('is 0, 0.3, 0.6, 0.9, 1 for as many of ten who agree', () => {
    const people = (count: number) => Array.from({ length: 10 }, (_, n) => (n < count ? 'yes' : `no ${n}`));
    const scores = [0, 1, 2, 3, 4, 10].map((count) => credit('Yes', people(count), 'fixed'));
    for (const [i, wanted] of [0, 0.3, 0.6, 0.9, 1, 1].entries()) expect(scores[i]).toBeCloseTo(wanted, 12);
  });

  it('does not mind case, articles and numbers as words, where compat does in what people said', () => {
    const people = (text: string) =>
      Array.from({ length: 10 }, (_, n) => ({ answer: n < 9 ? text : 'else', answer_id: n }));
    expect(credit('the boat.', people('Boat'), 'fixed')).toBe(1);
    expect(credit('the boat.', people('Boat'), 'compat')).toBe(0);
    expect(credit('Two', people('2'), 'compat')).toBe(1);
    expect(credit('2', people('two'), 'compat')).toBe(0);
    expect(credit('2', people('two'), 'fixed')).toBe(1);
  });

  it('tells people apart by what the file says of them', () => {
    const people = (more: (n: number) => object) =>
      Array.from({ length: 10 }, (_, n) => ({ answer: n < 9 ? 'boat' : 'oar', ...more(n) }));
    expect(
      credit(
        'boat',
        people((n) => ({ answer_id: n })),
        'compat',
      ),
    ).toBe(1);
    // Who says the same and is told apart by nothing is nobody's other.
    expect(
      credit(
        'boat',
        people(() => ({})),
        'compat',
      ),
    ).toBeCloseTo(0.1, 12);
    expect(
      credit(
        'boat',
        people(() => ({})),
        'fixed',
      ),
    ).toBe(1);
  });

  it('is between 0 and 1, and grows with those who agree', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }), (agree) => {
        const score = vqaAccuracy(agree, (one) => one);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(vqaAccuracy([...agree, true], (one) => one)).toBeGreaterThanOrEqual(score - 1 / agree.length);
        expect(
          vqaAccuracy(
            agree.map(() => true),
            (one) => one,
          ),
        ).toBe(Math.min(1, (agree.length - 1) / 3));
      }),
    );
  });

  it('normalises to what stays the same, but for marks that stand between blanks', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(plainWords(plainWords(text))).toBe(plainWords(text));
      }),
    );
    expect(vqaText('The 1,000 boats!')).toBe('1000 boats');
    expect(vqaText('well-known')).toBe('well known');
    expect(withoutPunctuation('a.b.c', 1)).toBe('ab.c');
    expect(plainWords("dont couldn'tve she's lets")).toBe("don't couldn't've she's lets");
  });
});

it('long replies take no longer than their length: 100 kB of each', () => {
  for (const piece of ['ANSWER', 'ANSWER:', 'ANSWER: ', 'ANSWER: A ', ' ', '\n ', 'ANSWER:\n \n!', ', ']) {
    const text = `${piece.repeat(100_000 / piece.length)}_`;
    expect(readAnswerLine(text, 4)).toMatch(/^[A-Z]?$/);
    expect(readAnswerLine(`ANSWER:${text}`, 4)).toMatch(/^[A-Z]?$/);
  }
});
