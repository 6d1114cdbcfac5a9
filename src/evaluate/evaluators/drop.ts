/** AISBench's evaluator of DROP, after OpenAI's simple-evals, and the authors' own two numbers beside it. */
import { predictionOf } from '../choice/whole-answer.ts';
import { pythonRegex } from '../python-regex.ts';
import { bestDropMetrics, dropText } from '../text/drop.ts';
import { badGold, isTexts } from '../text/gold.ts';
import { squadText } from '../text/squad.ts';
import { readStated } from '../text/stated-answer.ts';
import type { Evaluator } from '../types.ts';

const ANSWER = pythonRegex(String.raw`(?i)Answer\s*:\s*([^\n]+)`);
const NUMBER = /^[-+]?(?:\d|\.\d)/;

/**
 * The gold is a text of answers with `|` between them, or a list of answers that are lists of spans. `compat`: the first
 * `Answer:` of the reply is a part of an answer, or the other way round, letter by letter: 4 is right for 43. `fixed`: the last
 * stated answer holds all spans as whole words, and no number that the right one has not. Parts: `exact_match`, `f1`.
 */
export const dropOpenAIEvaluator: Evaluator = {
  name: 'dropOpenAIEvaluator',
  grade: (sample) => {
    const golds = readGold(sample.gold);
    const answer = readStated(sample.answer, 'only-line')?.answer ?? '';
    const compat = compatAnswer(predictionOf(sample));
    const isRight =
      sample.rules === 'compat'
        ? golds.some((spans) => fuzzyMatch(compat, spans.join(', ')))
        : golds.some((spans) => holdsAll(dropText(answer), spans.map(dropText)));
    const { exactMatch, f1 } = bestDropMetrics([answer], golds);
    return {
      credit: isRight ? 1 : 0,
      explanation: `read as '${sample.rules === 'compat' ? compat : answer}'`,
      parts: { exact_match: [exactMatch, 1], f1: [f1, 1] },
    };
  },
};

function compatAnswer(prediction: string): string {
  return ANSWER.exec(prediction)?.[1] ?? prediction;
}

function fuzzyMatch(a: string, b: string): boolean {
  const [one, other] = [squadText(a), squadText(b)];
  if (one === '' || other === '') return one === other;
  return one.includes(other) || other.includes(one);
}

function holdsAll(own: string, spans: readonly string[]): boolean {
  const wanted = spans.filter((span) => span !== '');
  const numbersIn = (text: string) => text.split(' ').filter((word) => NUMBER.test(word));
  const right = new Set(wanted.flatMap(numbersIn));
  return (
    wanted.length > 0 &&
    wanted.every((span) => ` ${own} `.includes(` ${span} `)) &&
    (right.size === 0 || numbersIn(own).every((number) => right.has(number)))
  );
}

function readGold(gold: unknown): readonly (readonly string[])[] {
  if (typeof gold === 'string') return gold.split('|').map((answer) => [answer]);
  if (Array.isArray(gold) && gold.length > 0 && gold.every((answer) => isTexts(answer) && answer.length > 0))
    return gold;
  throw badGold(
    gold,
    'dropOpenAIEvaluator',
    "a text of answers with '|' between them, nor a list of lists of spans",
  );
}
