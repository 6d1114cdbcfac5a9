import { type InstructionCheck, type InstructionFamily, numberOf, textOf } from '../ifeval/kwargs.ts';
import { wordTokens } from '../ifeval/sentences.ts';
import { pythonSplit, pythonStrip } from '../python-text.ts';
import type { RuleSet } from '../types.ts';
import {
  firstOf,
  lengthOf,
  plainWords,
  splitterOf,
  trimMarks,
  trimMarksEnd,
  trimMarksStart,
  withoutMarks,
} from './marks.ts';
import words from './words.json' with { type: 'json' };

const setOf = (lines: readonly string[]): ReadonlySet<string> =>
  new Set(lines.flatMap((line) => line.split(' ')));

/**
 * English words of whose syllables the package syllapy (MIT), which upstream asks, counts one more or one less than its rule for words that it
 * does not know: odd where the rule says even, and even where it says odd.
 */
const AGAINST_THE_RULE = setOf(words.againstTheRule);

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

/**
 * Whether the first word of a reply is a verb. Upstream asks nltk's tagger, a model of 6 MB that also looks at the words behind; here it is a
 * list of the verbs that replies begin with, and the ending -ing. Of the base forms (`Consider …`) those are left out that are mostly nouns
 * there (`Water …`).
 */
const VERBS = setOf([...words.toBe, ...words.base, ...words.irregular]);
/** Words with the ending of a gerund that are none. */
const NOUNS = setOf(words.noGerunds);

/** Of a word in any case: whether it is known as a verb, or is a gerund. */
function isVerb(word: string): boolean {
  const small = word.toLowerCase();
  if (VERBS.has(small)) return true;
  return /^[a-z]{3,}ing$/.test(small) && !NOUNS.has(small);
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const CLUSTER = /[bcdfghjklmnpqrstvwxyz]{2}/;
const PRIMES = new Set([
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
]);

/** Which words there are, and how one follows another. */
export const wordRules = (rules: RuleSet): InstructionFamily => ({
  alphabet: () => followsAlphabet,
  vowel: () => (reply) => {
    const text = pythonStrip(reply);
    return !text.includes('\n') && new Set(text.toLowerCase().match(/[aeiou]/g)).size <= 3;
  },
  consonants: () => (reply) => pythonSplit(reply.toLowerCase()).every((word) => CLUSTER.test(word)),
  palindrome: () => (reply) => plainWords(reply).filter(isPalindrome).length >= 10,
  prime_lengths: () => (reply) =>
    pythonSplit(withoutMarks(reply)).every((word) => PRIMES.has(lengthOf(word))),
  start_verb: () => (reply) => isVerb(wordTokens(reply)[0] ?? ''),
  repeats: (kwargs) => {
    const most = numberOf(kwargs, 'small_n');
    return (reply) => [...countsOf(plainWords(reply)).values()].every((times) => times <= most);
  },
  odd_even_syllables: () => (reply) => {
    const all = plainWords(reply).map(isOdd);
    return all.every((odd, i) => i === 0 || odd !== all[i - 1]);
  },
  last_first: () => lastIsFirst(splitterOf(rules)),
  paragraph_last_first: () => (reply) =>
    reply.split('\n').every((line) => {
      const words = pythonSplit(trimMarks(pythonStrip(line).toLowerCase()));
      return words[0] === words.at(-1);
    }),
  no_consecutive: () => (reply) => {
    const firsts = plainWords(reply).map(firstOf);
    return firsts.every((letter, i) => i === 0 || letter !== firsts[i - 1]);
  },
  keywords_specific_position: (kwargs) => {
    const isKeyword = sameAs(textOf(kwargs, 'keyword'), rules);
    const [sentence, word] = [numberOf(kwargs, 'n'), numberOf(kwargs, 'm')];
    const sentences = splitterOf(rules);
    return (reply) => isKeyword(spokenTokens(sentences(reply)[sentence - 1] ?? '')[word - 1]);
  },
  words_position: (kwargs) => {
    const isKeyword = sameAs(textOf(kwargs, 'keyword'), rules);
    const tokens = rules === 'compat' ? wordTokens : spokenTokens;
    return (reply) => {
      const all = tokens(reply);
      return isKeyword(all[1]) && isKeyword(all.at(-2));
    };
  },
});

/** Each word begins with the letter behind that of the word before. */
function followsAlphabet(reply: string): boolean {
  const words = pythonSplit(trimMarks(withoutMarks(reply))).map((word) => word.toLowerCase());
  const start = ALPHABET.indexOf(words[0]?.[0] ?? ' ');
  return start !== -1 && words.every((word, i) => word[0] === ALPHABET[(start + i) % ALPHABET.length]);
}

function isPalindrome(word: string): boolean {
  const characters = [...word];
  return characters.length >= 5 && characters.toReversed().join('') === word;
}

function countsOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** A sentence begins with the last word of the one before. */
function lastIsFirst(sentences: (text: string) => readonly string[]): InstructionCheck {
  return (reply) => {
    const all = sentences(reply);
    return all.slice(1).every((sentence, i) => {
      const last = pythonSplit(trimMarksEnd(all[i]!)).at(-1)?.toLowerCase();
      return last !== undefined && last === pythonSplit(trimMarksStart(sentence))[0]?.toLowerCase();
    });
  };
}

/** Tokens that have a letter or a number. */
function spokenTokens(text: string): readonly string[] {
  return wordTokens(text).filter((token) => /[\p{L}\p{N}]/u.test(token));
}

/** The same word; under `compat` letter by letter. */
function sameAs(keyword: string, rules: RuleSet): (word: string | undefined) => boolean {
  if (rules === 'compat') return (word) => word === keyword;
  return (word) => word?.toLowerCase() === keyword.toLowerCase();
}
