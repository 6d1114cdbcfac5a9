import { describe, expect, it } from 'vitest';
import type { PredPostprocessor } from '../types.ts';
import { firstNumberPostprocess, gpqaSimpleEval, matchAnswerPattern, specificXmlTag } from './patterns.ts';

const make = (part: unknown, keys: object) => (part as (keys: object) => PredPostprocessor)(keys);
const mmluPro = make(matchAnswerPattern, { answer_pattern: String.raw`(?i)ANSWER\s*:\s*([A-P])` });
const cmmlu = make(matchAnswerPattern, { answer_pattern: String.raw`(?i)答案\s*:\s*[\W]*([A-D])[\W]*` });
const quoted = make(matchAnswerPattern, { answer_pattern: '"(.*?)"' });
const tag = make(specificXmlTag, { tag: '<answer>' });

describe('match_answer_pattern', () => {
  it.each([
    [mmluPro, 'ANSWER: B … ANSWER: C', 'B', 'C'],
    [mmluPro, 'answer : a', 'a', 'A'],
    [mmluPro, 'The answer is (J).', undefined, 'J'],
    [cmmlu, '答案: **B**', 'B', 'B'],
    [cmmlu, '答案：B', undefined, 'B'],
    [quoted, 'first "x", then "y"', 'x', 'y'],
    [quoted, 'none', undefined, undefined],
  ])('%# of %j: %j, fixed %j', (part, text, compat, fixed) => {
    expect(part.compat(text)?.answer).toBe(compat);
    expect(part.fixed(text)?.answer).toBe(fixed);
  });

  it.each([
    [{}],
    [{ answer_pattern: 'ANSWER' }],
    [{ answer_pattern: '([A-D]' }],
    [{ answer_pattern: '(?x)( A )' }],
    [{ answer_pattern: '(A)', tag: 1 }],
  ])('refuses %j', (keys) => {
    expect(() => make(matchAnswerPattern, keys)).toThrow(expect.objectContaining({ code: 'UTILS-CFG-002' }));
  });
});

describe('GPQA_Simple_Eval_postprocess', () => {
  it('takes the last, in the case it has', () => {
    expect(gpqaSimpleEval.compat('ANSWER: C\nNo.\nAnswer: B')).toMatchObject({ answer: 'B', span: [22, 23] });
    expect(gpqaSimpleEval.compat('answer: d')?.answer).toBe('d');
    expect(gpqaSimpleEval.compat('\\boxed{D}')).toBeUndefined();
    expect(gpqaSimpleEval.fixed('\\boxed{D}')?.answer).toBe('D');
    expect(gpqaSimpleEval.fixed('answer: d')?.answer).toBe('D');
  });
});

describe('specific-xml-tag', () => {
  it.each([
    ['<answer>x</answer> <answer> y\n</answer>', 'y', 'y'],
    ['<answer>x</answer><answer></answer>', '', 'x'],
    ['<Answer>x</Answer>', undefined, 'x'],
    ['<answer>x', undefined, undefined],
    ['<answer><answer>x</answer>', '<answer>x', '<answer>x'],
  ])('of %j: %j, fixed %j', (text, compat, fixed) => {
    expect(tag.compat(text)?.answer).toBe(compat);
    expect(tag.fixed(text)?.answer).toBe(fixed);
  });

  it('writes what AISBench writes for nothing, and refuses what is no tag', () => {
    expect(tag.none).toBe('NO ANSWER FOUND');
    expect(() => make(specificXmlTag, { tag: 'answer' })).toThrow(/pred_postprocessor.tag/);
  });
});

describe('first_number_postprocess', () => {
  it.each([
    ['about 5 of 7', '5.0', '5'],
    ['1,234 or so', '1.0', '1234'],
    ['-.5', '-0.5', '-.5'],
    ['x12', '12.0', '12'],
    ['none', undefined, undefined],
  ])('of %j: %j, fixed %j', (text, compat, fixed) => {
    expect(firstNumberPostprocess.compat(text)?.answer).toBe(compat);
    expect(firstNumberPostprocess.fixed(text)?.answer).toBe(fixed);
  });
});
