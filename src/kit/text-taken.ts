import { plural } from '../basics/plural.ts';
import type { TextPlace } from './leaves.ts';

/**
 * How a parser took the pieces of a stream, where it took them wrongly. A service sends either pieces, to be put together, or
 * the whole text so far, to be taken as it is.
 */
export function howTextWasTaken(content: string, { path, texts }: TextPlace, parser: string): string[] {
  const [joined, last] = [texts.join(''), texts.at(-1)];
  if (isCumulative(texts)) {
    if (content !== joined) return [];
    const cure = 'set it, output.content = …';
    return [`${parser} adds every event's \`${path}\`, but each holds the whole text so far: ${cure}`];
  }
  if (texts.length < 2 || content === joined || content !== last) return [];
  const carry = plural(texts.length, 'event carries one', 'events carry one');
  return [`${parser} keeps only the last event's \`${path}\` (${carry}): add it, output.content += …`];
}

/** Each text goes on where the one before it stopped. Two may do so by chance. */
function isCumulative(texts: readonly string[]): boolean {
  const goesOn = (text: string, index: number) => {
    const before = texts[index - 1];
    return before === undefined || (text.startsWith(before) && text !== before);
  };
  return texts.length > 2 && texts.every(goesOn);
}
