import { AGAINST_THE_RULE } from './syllable-facts.ts';

/**
 * Whether a word in small letters has an odd number of syllables, as the package syllapy counts them: groups of vowels, but for an e at
 * the end. A word with a digit has none.
 */
export function isOdd(word: string): boolean {
  if (/\p{Nd}/u.test(word)) return false;
  return (countByRule(word) % 2 === 1) !== AGAINST_THE_RULE.has(word);
}

function countByRule(word: string): number {
  const groups = word.match(/[aeiouy]+/g)?.length ?? 0;
  const silent = word.endsWith('e') ? 1 : 0;
  const sounded = /[^aeiouy]le$/.test(word) ? 1 : 0;
  return groups - silent + sounded || 1;
}
