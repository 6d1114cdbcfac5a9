import { expect, it } from 'vitest';
import type { PredPostprocessor } from '../types.ts';
import {
  firstCapital,
  firstCapitalMulti,
  firstOptionPostprocess,
  lastCapital,
  lastOptionPostprocess,
  multipleSelect,
} from './letters.ts';
import { firstNumberPostprocess, gpqaSimpleEval, matchAnswerPattern, specificXmlTag } from './patterns.ts';
import { bbhFreeform, bbhMcq, general, generalCn } from './short-answers.ts';

const make = (part: unknown, keys: object) => (part as (keys: object) => PredPostprocessor)(keys);

const parts: readonly PredPostprocessor[] = [
  ...[firstCapital, lastCapital, firstCapitalMulti, multipleSelect, firstNumberPostprocess, gpqaSimpleEval],
  ...[bbhFreeform, bbhMcq, general, generalCn],
  make(firstOptionPostprocess, { options: 'ABCD' }),
  make(lastOptionPostprocess, { options: 'ABCD' }),
  make(matchAnswerPattern, { answer_pattern: String.raw`(?i)ANSWER\s*:\s*([A-D])` }),
  make(specificXmlTag, { tag: '<answer>' }),
];

const HOSTILE = [
  'The correct answer is ',
  '答案是',
  '答案是 。',
  'answer: ',
  'answer is ',
  '**',
  '<answer>',
  '1-',
  ' ',
  '\n',
  '[(',
  '选',
];

// Seconds of the processor, which other programs do not use up. Quadratic ones take from 10 s upwards.
it.each(HOSTILE)(
  'no rule takes long on 100 kB of %j',
  (hostile) => {
    const text = hostile.repeat(Math.ceil(100_000 / hostile.length));
    const slow = parts.flatMap(({ name, compat }) => {
      const before = process.cpuUsage();
      compat(text);
      const seconds = process.cpuUsage(before).user / 1e6;
      return seconds < 10 ? [] : [`${name}: ${seconds} s`];
    });
    const before = process.cpuUsage();
    for (const part of [bbhFreeform, general, firstNumberPostprocess]) part.fixed(text);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(20);
    expect(slow).toEqual([]);
  },
  300_000,
);
