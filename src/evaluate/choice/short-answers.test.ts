import { describe, expect, it } from 'vitest';
import {
  bbhFreeform,
  bbhMcq,
  bbhMcqReference,
  extractNonReasoningContent,
  general,
  generalCn,
  keepReasoningContent,
} from './short-answers.ts';

describe('general', () => {
  it.each([
    ['The Eiffel Tower, in Paris', 'Eiffel Tower', 'Eiffel Tower'],
    ["It's a  dog.", 'Its dog', 'Its dog'],
    ['3.5 km', '3', '3.5 km'],
    ['1,234', '1', '1234'],
    ['-5', '5', '-5'],
    ['\nParis', undefined, 'Paris'],
    ['Athens', 'Athens', 'Athens'],
    ['x̄', 'x', 'x'],
    ['...', undefined, undefined],
  ])('of %j: %j, fixed %j', (text, compat, fixed) => {
    expect(general.compat(text)?.answer).toBe(compat);
    expect(general.fixed(text)?.answer).toBe(fixed);
  });
});

it('general_cn puts a blank between words', () => {
  expect(generalCn.compat(' 北京 is 3.5')).toMatchObject({ answer: '北 京   is   3.5', span: [1, 10] });
  expect(generalCn.fixed(' ')).toBeUndefined();
});

describe('bbh-mcq', () => {
  it.each([
    ['So the answer is (B).', 'B', 'B'],
    ['The answer is C', 'C', 'C'],
    ['(A) is wrong. So the answer is (B).', 'B', 'B'],
    ['The answer is (A). No, the answer is (B).', 'A', 'B'],
    ['The answer is **D**', 'D', 'D'],
    ['Because of (A', 'A', 'A'],
    ['Between them', 'B', undefined],
    ['no idea', 'no idea', undefined],
    ['', undefined, undefined],
  ])('of %j: %j, fixed %j', (text, compat, fixed) => {
    expect(bbhMcq.compat(text)?.answer).toBe(compat);
    expect(bbhMcq.fixed(text)?.answer).toBe(fixed);
  });

  it('reads the gold answer by the same rule', () => {
    expect(bbhMcqReference('(A)')).toBe('A');
    expect(bbhMcqReference('valid')).toBe('valid');
    expect(bbhMcqReference('')).toBe('');
  });
});

describe('bbh-freeform', () => {
  it.each([
    ['So the answer is True.', 'True', 'True'],
    ['So the answer is **True.**', 'True.', 'True'],
    ['the answer is 24.\nIndeed', '24', '24'],
    ['the answer is No. Not so: the answer is Yes.', 'No. Not so: the', 'Yes'],
    ['**Answer:** valid', 'Answer:', 'valid'],
    ['Let us see.\nIt is valid', 'Let us see', undefined],
    ['The answer is $\\boxed{\\text{Yes}}$', '$\\boxed{\\text{Yes}}$', 'Yes'],
    ['the answer is ] ) }.', '] ) }', '] ) }'],
    ['valid', 'valid', 'valid'],
    ['.', undefined, undefined],
  ])('of %j: %j, fixed %j', (text, compat, fixed) => {
    expect(bbhFreeform.compat(text)?.answer).toBe(compat);
    expect(bbhFreeform.fixed(text)?.answer).toBe(fixed);
  });

  it('spans what it took', () => {
    const text = 'So the answer is **True.** \nYes';
    expect(text.slice(...bbhFreeform.compat(text)!.span)).toBe('True.');
    expect(text.slice(...bbhFreeform.fixed(text)!.span)).toBe('True');
  });
});

it('what is about reasoning changes nothing, for reasoning is gone', () => {
  expect(keepReasoningContent.compat(' a b ')).toEqual({ answer: ' a b ', rule: 'whole-text', span: [0, 5] });
  expect(extractNonReasoningContent.compat(' a b ')).toEqual({
    answer: 'a b',
    rule: 'whole-text',
    span: [1, 4],
  });
  expect(keepReasoningContent.fixed(' ')).toBeUndefined();
  expect(extractNonReasoningContent.fixed('')).toBeUndefined();
});
