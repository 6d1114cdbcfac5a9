import { toText } from '../contract/prompt-list.ts';
import { oneLine, wrap } from '../report/text.ts';
import type { LocalCheck } from './check-local.ts';
import { rule } from './show.ts';

/** One batch of a local model, as lines of text that fit a terminal. */
export function showLocal({ prompts, texts, loadMs, batchMs }: LocalCheck, width: number): string[] {
  const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`;
  return [
    rule(`a batch of ${prompts.length}`, width),
    `loaded in ${seconds(loadMs)}, answered in ${seconds(batchMs)}`,
    ...prompts.flatMap((prompt, n) => {
      const answer = texts[n] === undefined ? '(no answer)' : JSON.stringify(texts[n]);
      return [
        ...wrap(`prompt: ${oneLine(toText(prompt))}`, width),
        ...wrap(`answer: ${oneLine(answer)}`, width),
      ];
    }),
    '',
  ];
}
