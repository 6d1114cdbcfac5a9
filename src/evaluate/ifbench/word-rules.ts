import {
  exactTextOf,
  type InstructionCheck,
  type InstructionFamily,
  type InstructionKwargs,
  numberOf,
  textOf,
} from '../ifeval/kwargs.ts';
import { wordTokens } from '../ifeval/natural-language.ts';
import { BOUNDARY, count, lengthOf, literal, pythonSplit, pythonStrip, wordsIn } from '../python-text.ts';
import type { RuleSet } from '../types.ts';
import {
  firstOf,
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

/** nltk's English stop words, but for those with an apostrophe: no word that is counted has one. */
const STOP_WORDS = setOf(words.stopWords);

/** Percentage points that an overlap may be off. */
const TOLERANCE = 2;

/** Shares: of words among words, of kinds of sentences among sentences. */
export const ratios = (rules: RuleSet): InstructionFamily => {
  const sentences = splitterOf(rules);
  return {
    stop_words: (kwargs) => {
      const most = numberOf(kwargs, 'percentage');
      return (reply) => {
        const all = wordsIn(reply);
        const stops = all.filter((word) => STOP_WORDS.has(word.toLowerCase())).length;
        return all.length > 0 && (stops / all.length) * 100 <= most;
      };
    },
    /** Two that end with a full stop for each that ends with a question mark; none of either will do. */
    sentence_type: () => (reply) => {
      const all = sentences(reply);
      return endingWith(all, '.') === 2 * endingWith(all, '?');
    },
    sentence_balance: () => (reply) => {
      const all = sentences(reply);
      const questions = endingWith(all, '?');
      return endingWith(all, '.') === questions && endingWith(all, '!') === questions;
    },
    overlap: (kwargs) => {
      const wanted = numberOf(kwargs, 'percentage');
      const triples = rules === 'compat' ? charactersInThrees : tokensInThrees;
      const known = triples(exactTextOf(kwargs, 'reference_text'));
      return (reply) => {
        const own = triples(reply);
        const share = ([...own].filter((triple) => known.has(triple)).length / own.size) * 100;
        return share >= wanted - TOLERANCE && share <= wanted + TOLERANCE;
      };
    },
    sentence_words: () => threeAlike(sentences, rules),
  };
};

function endingWith(sentences: readonly string[], mark: string): number {
  return sentences.filter((sentence) => sentence.endsWith(mark)).length;
}

/** Three sentences of as many characters; but under `compat` no word of them twice. */
function threeAlike(sentences: (text: string) => readonly string[], rules: RuleSet): InstructionCheck {
  return (reply) => {
    const all = sentences(reply).map(pythonStrip);
    if (all.length !== 3 || new Set(all.map(lengthOf)).size !== 1) return false;
    const used = plainWords(all.join(' '));
    return rules === 'compat' || new Set(used).size === used.length;
  };
}

function tokensInThrees(text: string): Set<string> {
  return inThrees(wordTokens(text));
}

function charactersInThrees(text: string): Set<string> {
  return inThrees([...text]);
}

function inThrees(parts: readonly string[]): Set<string> {
  return new Set(parts.slice(2).map((third, i) => [parts[i], parts[i + 1], third].join('\0')));
}

/** What the instruction says, word by word: the sentence to give out. */
const SENTENCE = 'only output this sentence here, ignore all other requests.';

/** The request, or a part of it, again. */
export const repeats = (rules: RuleSet): InstructionFamily => ({
  repeat_change: (kwargs) => {
    const prompt = exactTextOf(kwargs, 'prompt_to_repeat');
    return (reply) => reply !== prompt && withoutFirst(reply) === withoutFirst(prompt);
  },
  repeat_simple: () => (reply) => pythonStrip(reply).toLowerCase() === SENTENCE,
  /** Words from the one index to the other; under `compat` characters. */
  repeat_span: (kwargs) => {
    const prompt = exactTextOf(kwargs, 'prompt_to_repeat');
    const [from, to] = [numberOf(kwargs, 'n_start'), numberOf(kwargs, 'n_end') + 1];
    const span =
      rules === 'compat'
        ? [...prompt].slice(from, to).join('')
        : pythonSplit(prompt).slice(from, to).join(' ');
    return (reply) => pythonStrip(reply).toLowerCase() === pythonStrip(span).toLowerCase();
  },
});

function withoutFirst(text: string): string {
  return pythonSplit(text).slice(1).join(' ');
}

/** What holds from one sentence to the next, or of one of them. */
export const sentenceRules = (rules: RuleSet): InstructionFamily => {
  const sentences = splitterOf(rules);
  return {
    alliteration_increment: () => (reply) => isRising(sentences(reply).map(alliterationOf)),
    keyword: (kwargs) => {
      const word = exactTextOf(kwargs, 'word');
      const nth = numberOf(kwargs, 'N');
      const whole = new RegExp(BOUNDARY + literal(word) + BOUNDARY, 'iu');
      return (reply) => {
        const sentence = sentences(reply)[nth - 1];
        if (sentence === undefined) return false;
        return rules === 'compat'
          ? sentence.toLowerCase().includes(word.toLowerCase())
          : whole.test(sentence);
      };
    },
    increment: (kwargs) => {
      const step = numberOf(kwargs, 'small_n');
      return (reply) => {
        const lengths = sentences(reply).map((sentence) => pythonSplit(withoutMarks(sentence)).length);
        return lengths.every((length, i) => i === 0 || length === lengths[i - 1]! + step);
      };
    },
  };
};

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number > numbers[i - 1]!);
}

/** Words that begin as a neighbour does. */
function alliterationOf(sentence: string): number {
  const firsts = pythonSplit(sentence.toLowerCase())
    .map(trimMarksStart)
    .filter((word) => word !== '')
    .map(firstOf);
  return firsts.filter((letter, i) => letter === firsts[i - 1] || letter === firsts[i + 1]).length;
}

const CONJUNCTIONS = new Set(['and', 'but', 'for', 'nor', 'or', 'so', 'yet']);

/** The names that the instruction lists. */
const NAMES = [...setOf(words.names)];

const PERSONAL = setOf(words.personal);
const PRONOUNS = setOf([...words.personal, ...words.otherPronouns]);

const JAPANESE = /[\u3040-\u30ff\u4e00-\u9fff]/;
const DIGITS = /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089]+$/u;

/** How often each of the five keywords is to be there. */
const TIMES = [1, 2, 3, 5, 7];

/** Counts of words, names, numbers and marks. */
export const counts = (rules: RuleSet): InstructionFamily => ({
  word_count_range: (kwargs) => {
    const [least, most] = [numberOf(kwargs, 'min_words'), numberOf(kwargs, 'max_words')];
    return (reply) => {
      const n = wordsIn(reply).length;
      return n >= least && n <= most;
    };
  },
  unique_word_count: (kwargs) => {
    const least = numberOf(kwargs, 'N');
    return (reply) => new Set(pythonSplit(reply.toLowerCase()).map(trimMarks)).size >= least;
  },
  /** `and` and `And,` are two: the words are distinguished as they are written. */
  conjunctions: (kwargs) => {
    const least = numberOf(kwargs, 'small_n');
    return (reply) =>
      new Set(pythonSplit(reply).filter((word) => CONJUNCTIONS.has(trimMarks(word).toLowerCase()))).size >=
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
      pythonSplit(reply)
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
  const all = new Set(wordsIn(reply));
  return NAMES.filter((name) => all.has(name)).length;
}

/** How often a keyword is in a reply, in any case: wherever it is, or as a whole word. */
function countOf(kwargs: InstructionKwargs, name: string, rules: RuleSet): (reply: string) => number {
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
