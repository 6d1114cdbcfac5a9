import { exactTextOf, numberOf } from '../ifeval/kwargs.ts';
import { BOUNDARY, literal, splitSpaces } from '../ifeval/python-text.ts';
import type { Family } from '../ifeval/types.ts';
import type { RuleSet } from '../types.ts';
import { firstOf, trimMarksStart, withoutMarks } from './marks.ts';
import { splitterOf } from './splitter.ts';

/** What holds from one sentence to the next, or of one of them. */
export const sentenceRules = (rules: RuleSet): Family => {
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
        const lengths = sentences(reply).map((sentence) => splitSpaces(withoutMarks(sentence)).length);
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
  const firsts = splitSpaces(sentence.toLowerCase())
    .map(trimMarksStart)
    .filter((word) => word !== '')
    .map(firstOf);
  return firsts.filter((letter, i) => letter === firsts[i - 1] || letter === firsts[i + 1]).length;
}
