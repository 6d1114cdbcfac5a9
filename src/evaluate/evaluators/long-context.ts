/** AISBench's evaluators of NeedleBench V2. */

import { firstPhrase } from '../choice/short-answers.ts';
import { badGold } from '../inputs.ts';
import { boxesOf, lastBoxCompat } from '../math/extract-math.ts';
import { isPythonDigits, PYTHON_SPACE, pythonSplit, pythonStrip } from '../python-text.ts';
import { squadText } from '../text/squad.ts';
import { readStated } from '../text/stated-answer.ts';
import type { DatasetPostprocessor, Evaluator, Extraction, PredPostprocessor, Sample } from '../types.ts';
import { gsm8kPostprocess } from './gsm8k.ts';

/** The word behind the star of the reference is in the reply, as it is written. Throws RUN-DATA-001 for a reference without one. */
export const needleBenchOriginEvaluator: Evaluator = {
  name: 'NeedleBenchOriginEvaluator',
  metric: 'score',
  grade: ({ gold, text }) => {
    const keyword = String(gold).split('*')[1];
    if (keyword === undefined || keyword === '')
      throw badGold(gold, 'NeedleBenchOriginEvaluator', "'fact*word'");
    return { credit: text.includes(keyword) ? 1 : 0 };
  },
};

/**
 * How many of several words are in the reply; the reference is `word*word#depth*depth`. Beside it the share at each depth. Throws
 * RUN-DATA-001 for another reference.
 */
export const needleBenchParallelEvaluator: Evaluator = {
  name: 'NeedleBenchParallelEvaluator',
  metric: 'average_score',
  grade: ({ gold, text }) => {
    const [words, depths] = String(gold).split('#');
    if (words === undefined || depths === undefined)
      throw badGold(gold, 'NeedleBenchParallelEvaluator', "'word*word#depth*depth'");
    const all = words.split('*');
    const found = depths
      .split('*')
      .map((depth, i) => ({ depth, isThere: all[i] !== undefined && text.includes(all[i]) }));
    const missed = found.filter(({ isThere }) => !isThere).map(({ depth }) => depth);
    return {
      credit: 1 - missed.length / found.length,
      ...(missed.length > 0 ? { explanation: `missing at depth ${missed.join(', ')}` } : {}),
      parts: Object.fromEntries(found.map(({ depth, isThere }) => [`Depth${depth}`, [isThere ? 1 : 0, 1]])),
    };
  },
};

/** The name in the box is the reference; under `fixed` in any case, and a number may have words around it. */
export const needleBenchATCEvaluator: Evaluator = {
  name: 'NeedleBenchATCEvaluator',
  metric: 'score',
  grade: ({ answer, reference, rules }) => {
    const [given, wanted] = [answer, reference].map(pythonStrip) as [string, string];
    if (rules === 'compat') return { credit: given === wanted ? 1 : 0 };
    const isRight = /^\d+$/.test(wanted)
      ? onlyNumber(given) === Number(wanted)
      : given.toLowerCase() === wanted.toLowerCase();
    return { credit: isRight ? 1 : 0, explanation: `${given} against ${wanted}` };
  },
};

/** The number of a text that has exactly one. */
function onlyNumber(text: string): number | undefined {
  const numbers = text.match(/\d+/g) ?? [];
  return numbers.length === 1 ? Number(numbers[0]) : undefined;
}

/** What the last box holds, without LaTeX, quotes and double blanks. `fixed` takes boxes with a space before the brace too. */
export const needleBenchAtcPostprocess: PredPostprocessor = {
  name: 'needlebench_atc_postprocess_v2',
  none: 'None',
  compat: (text) => {
    const box = lastBoxCompat(text);
    return box && extraction(cleaned(box.content.replace(/^\{(.*)\}$/, '$1')), box);
  },
  fixed: (text) => {
    const box = boxesOf(text).at(-1);
    return (
      box &&
      extraction(
        cleaned(box.content)
          .replace(/^\{(.*)\}$/, '$1')
          .replace(/[.。]$/, ''),
        box,
      )
    );
  },
};

function extraction(
  answer: string,
  { start, end }: { readonly start: number; readonly end: number },
): Extraction | undefined {
  return answer === '' ? undefined : { answer, rule: 'box', span: [start, end] };
}

function cleaned(text: string): string {
  return pythonStrip(
    text
      .replace(/\\(?:text|boxed)\{([^}]+)\}/g, '$1')
      .replace(/\\[[\]]/g, '')
      .replaceAll('\\', '')
      .replace(/\s+/g, ' '),
  )
    .replace(/["']/g, '')
    .replaceAll('~', ' ');
}

// AISBench's evaluators of three closed tasks of L-Eval, and of its arithmetic. `compat` reads the first phrase of a reply.

const SPACES = new RegExp(`[${PYTHON_SPACE}]+`, 'g');

/** The digits of the first word with a digit behind the first `The answer is`, as one number; '' where there is none. */
export function gsm100Number(text: string): string {
  const behind = text.split('The answer is')[1] ?? '';
  const word = behind.split(' ').find((one) => [...one].some(isPythonDigits)) ?? '';
  return [...word].filter(isPythonDigits).join('');
}

/** Output of a program with one blank for space, without commas, quotes, backslashes and `.0`, brackets close together. */
export function plainOutput(text: string): string {
  return text
    .replace(SPACES, ' ')
    .replace(/[,'\\]/g, '')
    .replaceAll('.0', '')
    .replaceAll('] [', '][')
    .replaceAll('[ [', '[[')
    .replaceAll('] ]', ']]')
    .trim();
}

const FINAL = 'the final output';
/** In this order: what the first leaves the later may find. */
const FILLERS = ['will be', 'of the code', 'is', 'would be', 'the value of', 'the result of', 'printed'];

/** How AISBench finds the output in a reply: three words more than the right one has, from `the final output` on or at the end. */
export function statedOutput(reply: string, reference: string): string {
  let text = plainOutput(reply);
  for (const filler of FILLERS) text = text.replaceAll(filler, '');
  const count = pythonSplit(reference).length + 3;
  const parts = text.split(FINAL);
  const words = parts.at(-1)!.split(SPACES);
  return (parts.length > 1 ? words.slice(0, count) : words.slice(-count)).join(' ');
}

/** Equal without case, punctuation and English articles. */
function sameOutput(own: string, right: string): boolean {
  return squadText(own) === squadText(right);
}

/** Whether the words of `right` are the last of `text`, in the same way. */
function endsWithOutput(text: string, right: string): boolean {
  const [own, wanted] = [squadText(plainOutput(text)), squadText(plainOutput(right))];
  return wanted !== '' && ` ${own}`.endsWith(` ${wanted}`);
}

type StatedTruth = 'true' | 'false';

/** The first word before `[fact:` that is true or false but for marks around it, else the first that holds one of the two. */
export function loyaltyIn(reply: string): StatedTruth | undefined {
  const [text = ''] = reply.toLowerCase().split('[fact:', 1);
  const words = pythonSplit(text);
  const bare = words.map((word) => word.replace(/^[.,;:!]+|[.,;:!]+$/g, ''));
  const exact = bare.find((word): word is StatedTruth => word === 'true' || word === 'false');
  return exact ?? truthIn(words);
}

/** The first of the two that a word of a text holds. */
function truthOf(reference: string): StatedTruth | undefined {
  return truthIn(pythonSplit(reference.toLowerCase()));
}

function truthIn(words: readonly string[]): StatedTruth | undefined {
  const word = words.find((one) => one.includes('true') || one.includes('false'));
  return word === undefined ? undefined : word.includes('true') ? 'true' : 'false';
}

const stated = (text: string) => readStated(text, 'first-line')?.answer ?? '';
const worth = (isRight: boolean) => ({ credit: isRight ? 1 : 0 });

/** Topic retrieval. `compat`: the right answer, or its first phrase, is in the first phrase of the reply; `fixed`: in the stated answer, in whole words. */
export const levalEMEvaluator: Evaluator = {
  name: 'LEvalEMEvaluator',
  metric: 'score',
  grade({ answer, reference, rules }: Sample) {
    if (rules === 'compat') {
      const own = firstPhrase(answer);
      return worth(own.includes(firstPhrase(reference)) || own.includes(reference));
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
      return worth(sameOutput(statedOutput(firstPhrase(answer), reference), plainOutput(reference)));
    }
    return worth(endsWithOutput(stated(answer), reference));
  },
};

/** Science fiction: whether a statement is true of the story, whatever it is in the world (`[fact: …]`). */
export const sciFiEvaluator: Evaluator = {
  name: 'SciFiEvaluator',
  grade({ answer, reference, rules }: Sample) {
    const own = loyaltyIn(rules === 'compat' ? firstPhrase(answer) : stated(answer));
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
