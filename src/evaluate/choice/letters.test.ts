import { describe, expect, it } from 'vitest';
import { getAOrB } from '../evaluators/llm-judge.ts';
import type { PredPostprocessor } from '../types.ts';
import {
  firstCapital,
  firstCapitalMulti,
  firstOptionPostprocess,
  lastCapital,
  lastOptionPostprocess,
  multipleSelect,
} from './letters.ts';

const make = (part: unknown, keys: object) => (part as (keys: object) => PredPostprocessor)(keys);
const lastOption = make(lastOptionPostprocess, { options: 'ABCD' });

describe('AISBench’s rules', () => {
  it.each<[PredPostprocessor, string, string | undefined]>([
    [firstCapital, 'the answer is B', 'B'],
    [firstCapital, 'The answer is B', 'T'],
    [firstCapital, 'über Ähre', 'Ä'],
    [firstCapital, 'ǅ Ⅰ', 'Ⅰ'],
    [firstCapital, 'ⓐ Ⓐ', 'Ⓐ'],
    [firstCapital, '𝐀 B', '𝐀'],
    [firstCapital, 'none', undefined],
    [lastCapital, 'A or B, I say', 'I'],
    [lastCapital, 'B Ⅰ', 'Ⅰ'],
    [firstCapitalMulti, 'xACDB A', 'ACDB'],
    [firstCapitalMulti, 'E F', undefined],
    [multipleSelect, 'Select B and A', 'ABS'],
    [multipleSelect, 'none', undefined],
    [lastOption, 'B. Answer', 'A'],
    [lastOption, 'so C', 'C'],
    [lastOption, 'none', undefined],
    [getAOrB, 'B. A', 'A'],
    [getAOrB, 'A.', 'B'],
    [getAOrB, '', 'B'],
  ])('$name of %j: %j', (part, text, answer) => {
    expect(part.compat(text)?.answer).toBe(answer);
  });

  it('say where the letters stand', () => {
    expect(multipleSelect.compat('x Select B and A y')?.span).toEqual([2, 16]);
    expect(lastCapital.compat('𝐀b')?.span).toEqual([0, 2]);
    expect(getAOrB.compat('A.')).toEqual({ answer: 'B', rule: 'default', span: [2, 2] });
  });
});

describe('the fixed rules', () => {
  it.each<[PredPostprocessor, string, string | undefined]>([
    [firstCapital, 'The answer is B', 'B'],
    [lastCapital, 'B. I am sure', 'B'],
    [lastOption, 'B. Answer', 'B'],
    [getAOrB, 'A.', 'A'],
    [getAOrB, 'neither', undefined],
    [firstCapitalMulti, 'The answer is D and A.', 'AD'],
    [multipleSelect, 'Select all: the answer is B, D', 'BD'],
  ])('%# %j %j', (part, text, answer) => {
    expect(part.fixed(text)?.answer).toBe(answer);
  });
});

describe('keys of a config', () => {
  it.each([
    [{}, 'eval_cfg.pred_postprocessor.options'],
    [{ options: 'abcd' }, 'eval_cfg.pred_postprocessor.options'],
    [{ options: 'A-D' }, 'eval_cfg.pred_postprocessor.options'],
    [{ options: 'AB', cushion: 1 }, 'eval_cfg.pred_postprocessor.cushion'],
    [{ options: 'AB', option: 'A' }, 'eval_cfg.pred_postprocessor.option'],
  ])('%j is refused at %s', (keys, where) => {
    expect(() => make(firstOptionPostprocess, keys)).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', where }),
    );
  });

  it('may be a list of letters', () => {
    expect(make(firstOptionPostprocess, { options: ['A', 'B'] }).compat('答案是B')?.answer).toBe('B');
    expect(make(firstOptionPostprocess, { options: 'AB', cushion: false }).compat('Bees')).toBeUndefined();
  });
});
