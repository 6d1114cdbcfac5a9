/** AISBench's `TriviaQAEvaluator`: whether one of the names of the right answer is in the reply. */
import { general } from '../choice/short-answers.ts';
import { goldTexts, predictionOf } from '../gold.ts';
import { pythonStrip } from '../python-text.ts';
import { bestOf, triviaText, wordF1 } from '../text/squad.ts';
import { readStated } from '../text/stated-answer.ts';
import type { Evaluator } from '../types.ts';

/**
 * `compat` looks for letters, in the first phrase of the first line, and cuts the right answers at their first full stop and
 * comma too: `J. K. Rowling` is `j`, which is in most replies. `fixed` looks for whole words, in what is stated as the
 * answer, with the authors' rules of case, articles and punctuation. Parts, by the authors' evaluation: `exact_match`, `f1`.
 */
export const triviaQAEvaluator: Evaluator = {
  name: 'TriviaQAEvaluator',
  metric: 'score',
  grade: (sample) => {
    const golds = goldTexts(sample.gold, 'TriviaQAEvaluator');
    const answer = readStated(sample.answer, 'first-line')?.answer ?? '';
    const own = triviaText(answer);
    const compat = compatAnswer(predictionOf(sample));
    const names = golds.map(triviaText).filter((name) => name !== '');
    const found =
      sample.rules === 'compat'
        ? golds.find((gold) => compat.includes(phrase(gold).toLowerCase()))
        : names.find((name) => ` ${own} `.includes(` ${name} `));
    return {
      credit: found === undefined ? 0 : 1,
      explanation: found === undefined ? 'none of the names is in it' : `'${found}' is in it`,
      parts: {
        exact_match: [names.includes(own) ? 1 : 0, 1],
        f1: [bestOf(golds, (gold) => wordF1(answer, gold, triviaText)), 1],
      },
    };
  },
};

function compatAnswer(prediction: string): string {
  let [answer = ''] = pythonStrip(prediction).split('\n', 1);
  answer = answer.toLowerCase();
  for (const mark of ['answer is', 'a:', 'answer:']) answer = answer.split(mark).at(-1)!;
  return phrase(pythonStrip(answer));
}

/** AISBench's `general` post-processor. */
function phrase(text: string): string {
  return general.compat(text)?.answer ?? '';
}
