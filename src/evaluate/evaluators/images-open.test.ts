import { expect, it } from 'vitest';
import { sampleOf } from '../../../test/sample-of.ts';
import type { Grade } from '../types.ts';
import { mmmuEvaluator } from './image-choice.ts';

function credit(gold: string, text: string): number {
  const sample = { ...sampleOf(text, gold), text, gold: { answer: gold, groups: [] } };
  return (mmmuEvaluator.grade({ ...sample, rules: 'fixed' }) as Grade).credit;
}

it.each([
  ['60 Mbps', '60 Mbps', 1],
  ['60 Mbps', '60Mbps', 1],
  ['60 Mbps', 'ANSWER: 60.0 Mbps', 1],
  ['60 Mbps', 'The answer is $60\\text{ Mbps}$.', 1],
  ['60 Mbps', '60', 1],
  ['60', '60 Mbps', 1],
  ['60 Mbps', '60 Kbps', 0],
  ['60 Mbps', 'ANSWER: 60 Gbps', 0],
  ['60 Mbps', '61 Mbps', 0],
  ['5 m/s', '5 km/h', 0],
  ['0.6', '60 %', 1],
  ['1e3', '1000', 1],
])('the open answer of MMMU %j to %j is %d', (gold, text, expected) => {
  expect(credit(gold, text)).toBe(expected);
});
