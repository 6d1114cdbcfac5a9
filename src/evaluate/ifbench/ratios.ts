import { exactTextOf, numberOf } from '../ifeval/kwargs.ts';
import { strip, words } from '../ifeval/python-text.ts';
import type { Check, Family } from '../ifeval/types.ts';
import { wordTokens } from '../ifeval/word-tokens.ts';
import type { RuleSet } from '../types.ts';
import { lengthOf, plainWords } from './marks.ts';
import { splitterOf } from './splitter.ts';

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
export const ratios = (rules: RuleSet): Family => {
  const sentences = splitterOf(rules);
  return {
    stop_words: (kwargs) => {
      const most = numberOf(kwargs, 'percentage');
      return (reply) => {
        const all = words(reply);
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
function threeAlike(sentences: (text: string) => readonly string[], rules: RuleSet): Check {
  return (reply) => {
    const all = sentences(reply).map(strip);
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
