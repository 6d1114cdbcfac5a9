import { numberOf, textOf } from '../ifeval/kwargs.ts';
import { BOUNDARY, count, literal, splitSpaces, words } from '../ifeval/python-text.ts';
import type { Family, Kwargs } from '../ifeval/types.ts';
import { wordTokens } from '../ifeval/word-tokens.ts';
import type { RuleSet } from '../types.ts';
import { plainWords, trimMarks, withoutMarks } from './marks.ts';

const CONJUNCTIONS = new Set(['and', 'but', 'for', 'nor', 'or', 'so', 'yet']);

/** The names that the instruction lists. */
const NAMES =
  `Emma Liam Sophia Jackson Olivia Noah Ava Lucas Isabella Mason Mia Ethan Charlotte Alexander Amelia Benjamin Harper Leo Zoe Daniel
  Chloe Samuel Lily Matthew Grace Owen Abigail Gabriel Ella Jacob Scarlett Nathan Victoria Elijah Layla Nicholas Audrey David Hannah
  Christopher Penelope Thomas Nora Andrew Aria Joseph Claire Ryan Stella Jonathan`.split(/\s+/);

const PERSONAL = new Set(
  `i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself
  they them their theirs themselves`.split(/\s+/),
);
const PRONOUNS = new Set([
  ...PERSONAL,
  ...`this that these those who whom whose which what whoever whomever whatever whichever anybody anyone anything everybody everyone
  everything nobody nothing somebody someone something each either neither both all some any none`.split(
    /\s+/,
  ),
]);

const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;
const DIGITS = /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u;

/** How often each of the five keywords is to be there. */
const TIMES = [1, 2, 3, 5, 7];

/** Counts of words, names, numbers and marks. */
export const counts = (rules: RuleSet): Family => ({
  word_count_range: (kwargs) => {
    const [least, most] = [numberOf(kwargs, 'min_words'), numberOf(kwargs, 'max_words')];
    return (reply) => {
      const n = words(reply).length;
      return n >= least && n <= most;
    };
  },
  unique_word_count: (kwargs) => {
    const least = numberOf(kwargs, 'N');
    return (reply) => new Set(splitSpaces(reply.toLowerCase()).map(trimMarks)).size >= least;
  },
  /** `and` and `And,` are two: the words are told apart as they are written. */
  conjunctions: (kwargs) => {
    const least = numberOf(kwargs, 'small_n');
    return (reply) =>
      new Set(splitSpaces(reply).filter((word) => CONJUNCTIONS.has(trimMarks(word).toLowerCase()))).size >=
      least;
  },
  person_names: (kwargs) => {
    const least = numberOf(kwargs, 'N');
    return (reply) => namesIn(reply, rules) >= least;
  },
  /** A mark within a number does not end it. */
  numbers: (kwargs) => {
    const wanted = numberOf(kwargs, 'N');
    return (reply) => count(withoutMarks(reply), /\p{Nd}+/gu) === wanted;
  },
  punctuation: () => hasAllMarks,
  words_japanese: (kwargs) => {
    const every = numberOf(kwargs, 'N');
    return (reply) =>
      splitSpaces(reply)
        .filter((_, i) => (i + 1) % every === 0)
        .map(trimMarks)
        .every((word) => word === '' || DIGITS.test(word) || JAPANESE.test(word));
  },
  pronouns: (kwargs) => {
    const least = numberOf(kwargs, 'N');
    return (reply) => {
      const text = reply.replaceAll('/', ' ');
      const found =
        rules === 'compat'
          ? plainWords(text).filter((word) => PERSONAL.has(word))
          : wordTokens(text.toLowerCase()).filter((word) => PRONOUNS.has(word));
      return found.length >= least;
    };
  },
  keywords_multiple: (kwargs) => {
    const asked = TIMES.map((times, i) => ({ times, isIn: countOf(kwargs, `keyword${i + 1}`, rules) }));
    return (reply) => asked.every(({ times, isIn }) => isIn(reply) === times);
  },
});

function namesIn(reply: string, rules: RuleSet): number {
  if (rules === 'compat') return NAMES.filter((name) => reply.includes(name)).length;
  const all = new Set(words(reply));
  return NAMES.filter((name) => all.has(name)).length;
}

/** How often a keyword is in a reply, in any case: wherever it stands, or as a whole word. */
function countOf(kwargs: Kwargs, name: string, rules: RuleSet): (reply: string) => number {
  const keyword = textOf(kwargs, name);
  const small = keyword.toLowerCase();
  if (rules === 'compat') return (reply) => reply.toLowerCase().split(small).length - 1;
  const whole = new RegExp(BOUNDARY + literal(keyword) + BOUNDARY, 'giu');
  return (reply) => count(reply, whole);
}

/** The six marks, and an interrobang that none of them is taken from. */
function hasAllMarks(reply: string): boolean {
  if (!/!\?|\?!|‽/.test(reply)) return false;
  const rest = reply.includes('?!') ? reply.replace('?!', '') : reply.replace('!?', '');
  return [...'.,!?;:'].every((mark) => rest.includes(mark));
}
