import { describe, expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import { CustomDataset } from '../../dataset/builtin/custom.ts';
import type { Evaluator, Grade } from '../types.ts';
import {
  accWithDetailsEvaluator,
  bbhEvaluator,
  bbhEvaluatorMcq,
  edAccEvaluator,
  mmluProBaseEvaluator,
  optionSimAccEvaluator,
} from './choice.ts';

const optionSim = (keys: Record<string, unknown> = {}) =>
  (optionSimAccEvaluator as (keys: Record<string, unknown>) => Evaluator)(keys);

/** Credits under `compat` and `fixed`. */
function credits(evaluator: Evaluator, text: string, reference: string, gold: unknown = reference): number[] {
  const sample = sampleOf(text.trim(), reference, { gold, text });
  return (['compat', 'fixed'] as const).map(
    (rules) => (evaluator.grade({ ...sample, rules }) as Grade).credit,
  );
}

it.each([
  ['B', 'B', 'B', [1, 1]],
  ['b', 'B', 'B', [0, 0]],
  ['1', '1', 1, [0, 1]],
])('AccwithDetailsEvaluator: %j against %j', (answer, reference, gold, expected) => {
  expect(credits(accWithDetailsEvaluator, answer, reference, gold)).toEqual(expected);
});

describe('EDAccEvaluator', () => {
  const gold = { candidates: ['Paris', ['Rome', 'the city of Rome'], 'Oslo'], label: 1 };
  const ask = (text: string, label = 1) => credits(edAccEvaluator, text, '', { ...gold, label });

  it('takes the nearest candidate', () => {
    expect(ask('Rome')).toEqual([1, 1]);
    expect(ask('Rom')).toEqual([1, 1]);
    expect(ask('Pariss')).toEqual([0, 0]);
    expect(ask('the town of Rome')).toEqual([1, 1]);
  });

  it('takes the first of equal ones, as AISBench; a named one, fixed', () => {
    expect(credits(edAccEvaluator, 'x', '', { candidates: ['a', 'b'], label: 0 })).toEqual([1, 1]);
    expect(ask('Of these, Oslo is the one that lies north of all', 2)[1]).toBe(1);
  });

  it.each([
    undefined,
    'Rome',
    { candidates: [], label: 0 },
    { candidates: [1], label: 0 },
    { candidates: ['a'] },
  ])('refuses the gold %j', (wrong) => {
    expect(() => edAccEvaluator.grade({ ...sampleOf('x', ''), gold: wrong })).toThrow(
      expect.objectContaining({ code: 'RUN-DATA-001' }),
    );
  });
});

describe('MMLUProBaseEvaluator', () => {
  it.each([
    ['C', 'C. Paris\n', [1, 1]],
    ['C\nBecause', 'C. Paris\n', [1, 1]],
    ['\nC', 'C. Paris\n', [0, 1]],
    ['Paris', 'C. Paris\n', [1, 1]],
    ['paris.', 'C. Paris\n', [0, 1]],
    ['The answer is (C).', 'C. Paris\n', [0, 1]],
    ['D', 'C. Paris\n', [0, 0]],
    ['C', 'C. St. Paul\n', [0, 1]],
    ['C', 'C', [0, 1]],
    ['', 'C. Paris\n', [0, 0]],
  ])('%j against %j: %j', (text, reference, expected) => {
    expect(credits(mmluProBaseEvaluator, text, reference)).toEqual(expected);
  });
});

describe('BBH', () => {
  it.each([
    ['So the answer is True.', 'True', [1, 1]],
    ['So the answer is **True.**', 'True', [0, 1]],
    ['\nTrue', 'True', [0, 1]],
    ['So the answer is yes', 'Yes', [0, 1]],
    ['the answer is apple, pear', 'apple pear', [0, 1]],
    ['', 'True', [0, 0]],
  ])('%j against %j: %j', (text, reference, expected) => {
    expect(credits(bbhEvaluator, text, reference)).toEqual(expected);
    expect(bbhEvaluator.metric).toBe('score');
  });

  it('does not take out twice what bbh-freeform took out', () => {
    const sample = sampleOf('True.', 'True', { text: 'So the answer is **True.**', rules: 'compat' });
    expect(bbhEvaluator.grade(sample)).toEqual({ credit: 0 });
    expect(bbhEvaluator.grade({ ...sample, answer: 'True', rules: 'fixed' })).toEqual({ credit: 1 });
  });

  it('compares letters', () => {
    expect(credits(bbhEvaluatorMcq, 'A', 'A')).toEqual([1, 1]);
    expect(credits(bbhEvaluatorMcq, 'A', 'B')).toEqual([0, 0]);
  });
});

describe('OptionSimAccEvaluator', () => {
  const options = { A: 'a red car', B: 'Paris', C: 'vitamin A' };
  const graded = (text: string, answer = 'B', rules: 'compat' | 'fixed' = 'compat', keys = {}) => {
    const sample = sampleOf(text.trim(), JSON.stringify({ answer, options }), {
      gold: { answer, options },
      text,
    });
    return optionSim(keys).grade({ ...sample, rules });
  };

  // aisbench.md C.7
  it.each([
    ['B', 1, 'letter'],
    ['答案是B', 1, 'first-option 答案是?\\s*@'],
    ['surely paris it is', 1, 'option-text'],
    ['Parsi', 1, 'nearest'],
    ['B. Pariss', 1, 'first-option (\\s|^)#[\\s。，,：:\\.$]'],
    ['a red cat', 0, 'nearest'],
  ])('%j is worth %d by %s', (text, credit, rule) => {
    const letter = credit === 1 ? 'B' : 'A';
    expect(graded(text)).toEqual({ credit, explanation: `read as ${letter} (${rule})` });
  });

  it.each([
    ['the text of an option', 'Vitamin A.', 'C', 'option-text'],
    ['a stated letter', 'The answer is (C), not Paris', 'C', 'answer-is'],
    ['the only text that is there', 'It can only be Paris', 'B', 'option-text'],
    ['the text in the last line', 'Not vitamin A.\nSo: Paris', 'B', 'option-text'],
    ['a slip of the pen', 'a red caar', 'A', 'nearest'],
  ])('fixed takes %s', (_, text, letter, rule) => {
    expect(graded(text, letter, 'fixed')).toEqual({ credit: 1, explanation: `read as ${letter} (${rule})` });
  });

  it('fixed takes nothing for an answer that is none', () => {
    expect(graded('I do not know', 'A', 'fixed')).toEqual({
      credit: 0,
      explanation: 'no option found in the answer',
    });
  });

  it('has the trap of an option without text, which every reply contains', () => {
    const gold = { answer: 'B', options: { A: 'x', B: '' } };
    expect(optionSim().grade({ ...sampleOf('whatever', ''), gold, rules: 'compat' })).toMatchObject({
      credit: 1,
    });
    expect(optionSim().grade({ ...sampleOf('whatever', ''), gold, rules: 'fixed' })).toMatchObject({
      credit: 0,
    });
  });

  it('takes letters from its key, and a right option that is given by its text', () => {
    expect(graded('A', 'A', 'compat', { options: 'BC' })).toMatchObject({ credit: 0 });
    expect(graded('B', 'paris', 'fixed')).toMatchObject({ credit: 1 });
    expect(graded('B', 'paris', 'compat')).toMatchObject({ credit: 0 });
    expect(optionSim({ options: ['A', 'B'] }).grade(sampleOf('B', 'B'))).toMatchObject({ credit: 1 });
    expect(optionSim().grade(sampleOf('B', 'B'))).toMatchObject({ credit: 0 });
    expect(() => optionSim({ options: 'ab' })).toThrow(/evaluator.options/);
    expect(() => optionSim({ option: 'AB' })).toThrow(/evaluator.option/);
  });

  it('gets what it needs from a custom dataset', () => {
    const row = { question: '?', answer: 'B', choices: 'A. one\nB. two\n', A: 'one', B: 'two' };
    const gold = CustomDataset.reference?.(row);
    expect(gold).toEqual({ answer: 'B', options: { A: 'one', B: 'two' } });
    expect(optionSim().grade({ ...sampleOf('two', ''), gold })).toMatchObject({ credit: 1 });
    expect(CustomDataset.reference?.({ ...row, choices: '' })).toBeUndefined();
  });
});
