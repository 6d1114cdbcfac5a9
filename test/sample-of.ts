import type { Sample } from '../src/evaluate/types.ts';

/** An answer against a reference, and nothing else of note. */
export function sampleOf(answer: string, reference: string, more: Partial<Sample> = {}): Sample {
  return {
    ...{ answer, reference, gold: reference, text: answer, prompt: '', toolCalls: [], rules: 'fixed' },
    ...more,
  };
}
