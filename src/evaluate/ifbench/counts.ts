import {
  exactTextOf,
  type InstructionCheck,
  type InstructionFamily,
  type InstructionKwargs,
  numberOf,
  textOf,
} from '../ifeval/kwargs.ts';
import { wordTokens } from '../ifeval/sentences.ts';
import { BOUNDARY, count, literal, pythonSplit, pythonStrip, wordsIn } from '../python-text.ts';
import type { RuleSet } from '../types.ts';
import {
  firstOf,
  lengthOf,
  plainWords,
  splitterOf,
  trimMarks,
  trimMarksStart,
  withoutMarks,
} from './marks.ts';

/** nltk's English stop words, but for those with an apostrophe: no word that is counted has one. */
const STOP_WORDS = new Set(
  `a about above after again against ain all am an and any are aren as at be because been before being below between both but by can
  couldn d did didn do does doesn doing don down during each few for from further had hadn has hasn have haven having he her here hers
  herself him himself his how i if in into is isn it its itself just ll m ma me mightn more most mustn my myself needn no nor not now o
  of off on once only or other our ours ourselves out over own re s same shan she should shouldn so some such t than that the their
  theirs them themselves then there these they this those through to too under until up ve very was wasn we were weren what when where
  which while who whom why will with won wouldn y you your yours yourself yourselves`.split(/\s+/),
);

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
