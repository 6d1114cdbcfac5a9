import { numberOf, textOf } from '../ifeval/kwargs.ts';
import { splitSpaces, strip } from '../ifeval/python-text.ts';
import type { Check, Family } from '../ifeval/types.ts';
import { wordTokens } from '../ifeval/word-tokens.ts';
import type { RuleSet } from '../types.ts';
import {
  firstOf,
  lengthOf,
  plainWords,
  trimMarks,
  trimMarksEnd,
  trimMarksStart,
  withoutMarks,
} from './marks.ts';
import { splitterOf } from './splitter.ts';
import { isOdd } from './syllables.ts';
import { isVerb } from './verbs.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
const CLUSTER = /[bcdfghjklmnpqrstvwxyz]{2}/;
const PRIMES = new Set([
  2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
]);

/** Which words there are, and how one follows another. */
export const wordRules = (rules: RuleSet): Family => ({
  alphabet: () => followsAlphabet,
  vowel: () => (reply) => {
    const text = strip(reply);
    return !text.includes('\n') && new Set(text.toLowerCase().match(/[aeiou]/g)).size <= 3;
  },
  consonants: () => (reply) => splitSpaces(reply.toLowerCase()).every((word) => CLUSTER.test(word)),
  palindrome: () => (reply) => plainWords(reply).filter(isPalindrome).length >= 10,
  prime_lengths: () => (reply) =>
    splitSpaces(withoutMarks(reply)).every((word) => PRIMES.has(lengthOf(word))),
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
      const words = splitSpaces(trimMarks(strip(line).toLowerCase()));
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
  const words = splitSpaces(trimMarks(withoutMarks(reply))).map((word) => word.toLowerCase());
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
function lastIsFirst(sentences: (text: string) => readonly string[]): Check {
  return (reply) => {
    const all = sentences(reply);
    return all.slice(1).every((sentence, i) => {
      const last = splitSpaces(trimMarksEnd(all[i]!)).at(-1)?.toLowerCase();
      return last !== undefined && last === splitSpaces(trimMarksStart(sentence))[0]?.toLowerCase();
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
