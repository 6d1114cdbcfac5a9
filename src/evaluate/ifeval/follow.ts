import type { Instruction } from './instructions.ts';
import { strip } from './python-text.ts';
import type { Check } from './types.ts';

export interface Followed {
  readonly id: string;
  /** By the reply as it came. */
  readonly strict: boolean;
  /** By the reply, or by one of the seven texts that are left without its stars, first line or last line. */
  readonly loose: boolean;
}

/** Which instructions a reply follows. A blank reply follows none. */
export function follow(reply: string, instructions: readonly Instruction[]): Followed[] {
  const strict = instructions.map(({ isFollowed }) => isFollowedBy(reply, isFollowed));
  const loose = [...strict];
  // Text by text: what one check found out of a text the next one need not.
  for (const variant of looseVariants(reply))
    for (const [i, { isFollowed }] of instructions.entries()) loose[i] ||= isFollowedBy(variant, isFollowed);
  return instructions.map(({ id }, i) => ({ id, strict: strict[i]!, loose: loose[i]! }));
}

/** The reply without stars, and without its first line, its last one or both, with their stars and without. */
export function looseVariants(reply: string): string[] {
  const lines = reply.split('\n');
  const kept = [lines.slice(1), lines.slice(0, -1), lines.slice(1, -1)];
  const shorter = kept.map((some) => strip(some.join('\n')));
  return [...shorter, ...[reply, ...shorter].map((text) => text.replaceAll('*', ''))];
}

function isFollowedBy(text: string, check: Check): boolean {
  return strip(text) !== '' && check(text);
}
