import type { DialogueItem } from './types.ts';

/**
 * Cuts a dialogue into rounds: a new one begins with a role that does not come later in `order` than the role before it
 * (AISBench §3.3). Texts without a role and roles outside the order belong to the round of the role after them.
 */
export function splitRounds(items: readonly DialogueItem[], order: readonly string[]): DialogueItem[][] {
  const rounds: DialogueItem[][] = [];
  let loose: DialogueItem[] = [];
  let last = -1;
  for (const item of items) {
    const place = typeof item === 'string' ? -1 : order.indexOf(item.role);
    if (place === -1) {
      loose.push(item);
      continue;
    }
    if (rounds.length === 0 || place <= last) rounds.push([]);
    rounds.at(-1)!.push(...loose, item);
    loose = [];
    last = place;
  }
  if (rounds.length === 0) return loose.length === 0 ? [] : [loose];
  rounds.at(-1)!.push(...loose);
  return rounds;
}
