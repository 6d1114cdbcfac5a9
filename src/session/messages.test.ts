import { expect, it } from 'vitest';
import { finding, scopedText } from '../contract/finding.ts';
import type { Task } from '../sending/prepare.ts';
import { taskFindings } from './messages.ts';

const noted = (...notes: readonly (readonly [string, string])[]) =>
  ({
    findings: notes.map(([dataset, text]) => finding('NOTE', { text }, { dataset })),
  }) as unknown as Task;

it('says once what holds for many datasets', () => {
  const bbh = Array.from({ length: 5 }, (_, i) => noted([`bbh-${i}`, 'no examples']));
  const found = taskFindings([...bbh, noted(['gsm8k', 'cut'], ['m', 'late']), noted(['m', 'late'])]);
  expect(found.map((one) => scopedText(one))).toEqual([
    'bbh-0, bbh-1, bbh-2 and 2 more: no examples',
    'gsm8k: cut',
    'm: late',
  ]);
});
