export type Tone = 'good' | 'warn' | 'bad' | 'calm';

/** Of a run's verdict. */
export const RUN_TONES: Readonly<Record<string, Tone>> = {
  VALID: 'good',
  'NOT STEADY': 'warn',
  'LOAD NOT DELIVERED': 'bad',
  'CLIENT-LIMITED': 'bad',
  'NOT ONE LOAD': 'warn',
};

/** Of an answer's verdict. */
export const SAMPLE_TONES: Readonly<Record<string, Tone>> = {
  correct: 'good',
  partial: 'warn',
  wrong: 'bad',
  unextractable: 'calm',
  inconsistent: 'warn',
  truncated: 'calm',
  failed: 'calm',
};
