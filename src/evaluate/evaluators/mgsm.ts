/**
 * The number behind the answer's mark in the language of an MGSM question. `compat` is the rule of OpenCompass and AISBench,
 * which has no minus and joins `1 234` to nothing; `fixed` reads the line as people write numbers, and falls back on GSM8K's
 * rules where the mark is missing.
 */
import { AisBenchError } from '../../contract/errors.ts';
import { findNumbers } from '../numbers.ts';
import { asciiDigits, pythonFloat } from '../python-number.ts';
import type { Configurable, Evaluator, Extraction, PredPostprocessor } from '../types.ts';
import { gsm8kPostprocess } from './gsm8k.ts';

/** The word before the answer; `dataset/builtin/math.ts` asks for it. */
const MARKS: Readonly<Record<string, string>> = {
  ...{
    en: 'Answer',
    bn: 'উত্তর',
    de: 'Antwort',
    es: 'Respuesta',
    fr: 'Réponse',
    ja: '答え',
    ru: 'Ответ',
    sw: 'Jibu',
  },
  ...{ te: 'సమాధానం', th: 'คำตอบ', zh: '答案' },
};

/** Key `lang`: the language. Throws UTILS-CFG-002 for another one. */
export const mgsmPostprocess: Configurable<PredPostprocessor> = ({ lang }) => {
  const mark = typeof lang === 'string' && Object.hasOwn(MARKS, lang) ? MARKS[lang] : undefined;
  if (mark === undefined) {
    throw new AisBenchError(
      'UTILS-CFG-002',
      `mgsm_postprocess has no language ${JSON.stringify(lang) ?? 'given'}`,
      {
        where: 'eval_cfg.pred_postprocessor.lang',
        cure: `set lang to one of ${Object.keys(MARKS).join(', ')}`,
      },
    );
  }
  return {
    name: 'mgsm_postprocess',
    compat: (text) => extractCompat(text, mark),
    fixed: (text) => extractFixed(text, mark, String(lang)),
    none: '',
  };
};

/** The last run of digits, with at most one point in or behind it, after the last mark; commas are left out before. */
function extractCompat(text: string, mark: string): Extraction | undefined {
  const start = text.lastIndexOf(mark);
  if (start === -1) return undefined;
  const from = start + mark.length;
  const kept: number[] = [];
  for (let i = from; i < text.length; i++) if (text[i] !== ',') kept.push(i);
  const plain = kept.map((i) => text[i]).join('');
  const last = [...plain.matchAll(/\p{Nd}+\.?\p{Nd}*/gu)].at(-1);
  if (last === undefined) return undefined;
  const end = kept[last.index + last[0].length - 1]! + 1;
  return { answer: last[0].replace(/\.$/, ''), rule: 'after-mark', span: [kept[last.index]!, end] };
}

/** Languages that group thousands with a point. */
const POINT_GROUPS = /^(?:de|es|fr|ru)$/;

function extractFixed(text: string, mark: string, lang: string): Extraction | undefined {
  const last = [...text.matchAll(new RegExp(mark, 'giu'))].at(-1);
  if (last === undefined) return gsm8kPostprocess.fixed(text);
  const from = last.index + last[0].length;
  // Up to the end of the sentence, in the line that begins behind the mark.
  const line = /^[\s*_:：]*(?:[^\n.。।]|[.。।](?!\s))*/u.exec(text.slice(from))?.[0] ?? '';
  const grouped = POINT_GROUPS.test(lang) ? /(?<![\d.,])\d{1,3}(?:[. ]\d{3})+(?![\d.])/.exec(line) : null;
  if (grouped !== null) {
    const at = from + grouped.index;
    return { answer: grouped[0].replace(/\D/g, ''), rule: 'after-mark', span: [at, at + grouped[0].length] };
  }
  const number = findNumbers(line).at(-1);
  if (number === undefined) return gsm8kPostprocess.fixed(text);
  return { answer: number.value, rule: 'after-mark', span: [from + number.start, from + number.end] };
}

/** AISBench's `MGSM_Evaluator`: equal texts; under `fixed` equal numbers too, separators and decimal zeros apart. */
export const mgsmEvaluator: Evaluator = {
  name: 'MGSM_Evaluator',
  grade: ({ answer, reference, rules }) => {
    if (answer === reference) return { credit: 1 };
    if (rules === 'compat') return { credit: 0 };
    const [given, wanted] = [answer, reference].map((text) =>
      pythonFloat(asciiDigits(text).replaceAll(',', '')),
    );
    return { credit: given !== undefined && given === wanted ? 1 : 0 };
  },
};
