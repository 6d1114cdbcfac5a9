/** AISBench's evaluators of three closed tasks of L-Eval. `compat` reads the first phrase of a reply, as its `general_postprocess` leaves it. */
import { general } from '../choice/short-answers.ts';
import { gsm8kPostprocess } from '../extract-gsm8k.ts';
import {
  endsWithOutput,
  gsm100Number,
  loyaltyIn,
  plainOutput,
  sameOutput,
  statedOutput,
  truthOf,
} from '../text/leval.ts';
import { squadText } from '../text/squad.ts';
import { readStated } from '../text/stated-answer.ts';
import type { DatasetPostprocessor, Evaluator, PredPostprocessor, Sample } from '../types.ts';

const phrase = (text: string) => general.compat(text)?.answer ?? '';
const stated = (text: string) => readStated(text, 'first-line')?.answer ?? '';
const worth = (isRight: boolean) => ({ credit: isRight ? 1 : 0 });

/** Topic retrieval. `compat`: the right answer, or its first phrase, is in the first phrase of the reply; `fixed`: in the stated answer, in whole words. */
export const levalEMEvaluator: Evaluator = {
  name: 'LEvalEMEvaluator',
  metric: 'score',
  grade({ answer, reference, rules }: Sample) {
    if (rules === 'compat') {
      const own = phrase(answer);
      return worth(own.includes(phrase(reference)) || own.includes(reference));
    }
    const right = squadText(reference);
    return worth(right !== '' && ` ${squadText(stated(answer))} `.includes(` ${right} `));
  },
};

/** CodeU: the output of calls. `compat` looks at the last words of the first phrase; `fixed` at those of the stated answer. */
export const codeUEvaluator: Evaluator = {
  name: 'CodeUEvaluator',
  grade({ answer, reference, rules }: Sample) {
    if (rules === 'compat') {
      return worth(sameOutput(statedOutput(phrase(answer), reference), plainOutput(reference)));
    }
    return worth(endsWithOutput(stated(answer), reference));
  },
};

/** Science fiction: whether a statement is true of the story, whatever it is in the world (`[fact: …]`). */
export const sciFiEvaluator: Evaluator = {
  name: 'SciFiEvaluator',
  grade({ answer, reference, rules }: Sample) {
    const own = loyaltyIn(rules === 'compat' ? phrase(answer) : stated(answer));
    return worth(own !== undefined && own === truthOf(reference));
  },
};

/** GSM100. `compat`: the digits behind the first `The answer is`; `fixed`: as of GSM8K. */
export const gsm100Postprocess: PredPostprocessor = {
  name: 'gsm100_postprocess',
  compat: (text) => {
    const answer = gsm100Number(text);
    return answer === '' ? undefined : { answer, rule: 'the-answer-is', span: [0, text.length] };
  },
  fixed: gsm8kPostprocess.fixed,
  none: '',
};

export const gsm100DatasetPostprocess: DatasetPostprocessor = (gold) => gold.replaceAll(',', '');
