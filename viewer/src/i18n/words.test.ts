import { expect, it } from 'vitest';
import { VERDICTS } from '../../../src/evaluate/types.ts';
import { VERDICTS as RUN_VERDICTS } from '../../../src/metrics/validity.ts';
import { en } from './en.ts';
import { zh } from './zh.ts';

it('has a word in both languages for every verdict of answers and of runs', () => {
  for (const { sampleVerdicts, verdicts } of [en, zh]) {
    expect(Object.keys(sampleVerdicts).sort()).toEqual([...VERDICTS].sort());
    expect(Object.keys(verdicts).sort()).toEqual([...RUN_VERDICTS].sort());
  }
});
