import type { PromptType } from '../contract/prompt-list.ts';

/** A dialogue, as chat datasets ask: a class has to make of it what its service takes. */
export const CHECK_PROMPT: PromptType = [
  { role: 'user', content: 'What is the capital of France? Answer with one word.' },
];

/** Two prompts that are answered together. */
export const CHECK_BATCH: readonly PromptType[] = [
  CHECK_PROMPT,
  [{ role: 'user', content: 'How much is 6 times 7? Answer with the number.' }],
];
