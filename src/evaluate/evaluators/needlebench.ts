/** AISBench's evaluators of NeedleBench V2. */

import { badGold } from '../gold.ts';
import { boxesOf, lastBoxCompat } from '../math/extract-math.ts';
import { pythonStrip } from '../python-text.ts';
import type { Evaluator, Extraction, PredPostprocessor } from '../types.ts';

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
