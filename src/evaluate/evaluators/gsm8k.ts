import { AisBenchError } from '../../contract/errors.ts';
import { asciiDigits, type FoundNumber, findNumbers, numberAt, pythonFloat, pythonInt } from '../numbers.ts';
import type { Configurable, Evaluator, Extraction, Extractor, PredPostprocessor } from '../types.ts';

// The number that a GSM8K answer ends with. `compat` is AISBench's rule (§4.6), which reads `1,234` as 234; `fixed` reads
// what people and models write. Each result names its rule and its place in the text.

export const gsm8kPostprocess: PredPostprocessor = {
  name: 'gsm8k_postprocess',
  compat: extractCompat,
  fixed: extractFixed,
  none: 'NULL',
};

/** The last number before the first `Question:`, with Python's meaning of a digit. */
function extractCompat(text: string): Extraction | undefined {
  const [head = ''] = text.split('Question:');
  const last = [...head.matchAll(/-?\p{Nd}+\.\p{Nd}+|-?\p{Nd}+/gu)].at(-1);
  if (last === undefined) return undefined;
  return { answer: last[0], rule: 'last-number', span: [last.index, last.index + last[0].length] };
}

/**
 * The last thing that says it is the answer (`\boxed{N}`, `#### N`, `answer is N`), else the last number. A model that goes
 * on with a next `Question:` or `Q:` is read up to there, unless there is no number before it: then it repeated the question.
 */
function extractFixed(text: string): Extraction | undefined {
  const own = beforeNextQuestion(text);
  return extractFrom(own) ?? (own === text ? undefined : extractFrom(text));
}

function beforeNextQuestion(text: string): string {
  for (const { index } of text.matchAll(/^[ \t>*#_]*(?:Question|Q)\s*:/gm)) {
    const head = text.slice(0, index);
    if (head.trim() !== '') return head;
  }
  return text;
}

function extractFrom(text: string): Extraction | undefined {
  const marked = [lastBoxed(text), lastHashes(text), lastAnswerIs(text)].filter(
    (found) => found !== undefined,
  );
  const [latest] = marked.sort((a, b) => b.span[0] - a.span[0]);
  return latest ?? lastNumber(text);
}

const lastNumber: Extractor = (text) => {
  const last = findNumbers(text).at(-1);
  return last && { answer: last.value, rule: 'last-number', span: [last.start, last.end] };
};

/** Longest content of a box that is looked through for its closing brace. */
const LONGEST_BOX = 300;

const lastBoxed: Extractor = (text) => {
  for (const { 0: opening, index } of [...text.matchAll(/\\f?boxed\s*\{/g)].reverse()) {
    const start = index + opening.length;
    const number = boxedNumber(insideBraces(text.slice(start, start + LONGEST_BOX)) ?? '');
    if (number === undefined) continue;
    return { answer: number.value, rule: 'boxed', span: [start + number.start, start + number.end] };
  }
  return undefined;
};

/** The last number of a box; one in `\text{…}` counts only where there is no other. */
function boxedNumber(content: string): FoundNumber | undefined {
  const formula = content.replace(/\\(?:text|mathrm)\s*\{[^{}]*\}/g, (words) => ' '.repeat(words.length));
  return findNumbers(formula).at(-1) ?? findNumbers(content).at(-1);
}

function insideBraces(text: string): string | undefined {
  if (!text.includes('}')) return undefined;
  let depth = 1;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return text.slice(0, i);
  }
  return undefined;
}

/** Formatting and currency that may stand between a mark and its number; a minus belongs to the number. */
const LEAD = String.raw`(?:[\s:：*_\x60"'(\[{=≈~$€£¥￥₹]|\\[([$])*`;
const HASHES = new RegExp(`#{4,}${LEAD}`, 'g');
const CLOSING = String.raw`(?:[\s.*_\x60"')\]}$%]|\\[)\]%$])*`;
/** A number with at most a unit behind it: a heading such as `#### 2. Add them` is no answer. */
const ENDS_LINE = new RegExp(String.raw`^(?:[ \t]?\p{L}+)?${CLOSING}(?:\n|$)`, 'u');

const lastHashes: Extractor = (text) => lastMarked(text, HASHES, 'hashes', (rest) => ENDS_LINE.test(rest));

const VERB = String.raw`(?:is|equals|(?:would|should|must|will)\s+be)\b`;
const ABOUT = String.raw`(?:\s+(?:to|for|of|in)\b[^\p{Nd}\n.!?]{0,60}?)?`;
const ANSWER = String.raw`(?<!\bto\s)\banswer\b[*_]*(?:\s*[:：=]|${ABOUT}\s+${VERB})|答案[^\p{Nd}\n。]{0,10}?[是为為:：=]`;
const ANSWER_IS = new RegExp(String.raw`(?:${ANSWER})${LEAD}(?=[-−.]?\p{Nd}|[-−]|\\[dt]?frac)`, 'giu');

const HAS_VERB = new RegExp(`${VERB}|[是为為]`, 'iu');

const lastAnswerIs: Extractor = (text) => lastMarked(text, ANSWER_IS, 'answer-is', isStated);

/**
 * Whether a number after `answer is` or `Answer:` is the result, and not where its calculation or a list begins. After a
 * mere colon a whole solution may follow, so there no other number may come in the same paragraph.
 */
function isStated(rest: string, lead: string): boolean {
  const [sentence = ''] = rest.split(/\n|[.。](?!\p{Nd})/u);
  if (/^\s*[-+−*/×÷·x]\s*[$\p{Nd}(]|^\s*[\^]|=|\\times|\\div|\\cdot/u.test(sentence)) return false;
  if (lead.includes('\n') && /^[.)]\s/.test(rest)) return false;
  if (HAS_VERB.test(lead)) return true;
  const [paragraph = ''] = rest.split(/\n\s*\n/);
  return findNumbers(paragraph).length === 0;
}

/** How far behind a number its sentence and paragraph are looked through. */
const LOOK_BEHIND_NUMBER = 400;

type AcceptsNumber = (rest: string, lead: string) => boolean;

function lastMarked(
  text: string,
  mark: RegExp,
  rule: string,
  accepts: AcceptsNumber,
): Extraction | undefined {
  let last: Extraction | undefined;
  for (const { 0: lead, index } of text.matchAll(mark)) {
    const number = numberAt(text, index + lead.length);
    if (number && accepts(text.slice(number.end, number.end + LOOK_BEHIND_NUMBER), lead)) {
      last = { answer: number.value, rule, span: [number.start, number.end] };
    }
  }
  return last;
}

const TOLERANCE = 1e-6;

/** Equal texts, or numbers less than 1e-6 apart: AISBench's `Gsm8kEvaluator`, with Python's `float` and `int` (§4.6). */
export const gsm8kEvaluator: Evaluator = {
  name: 'Gsm8kEvaluator',
  grade: ({ answer, reference }) => ({ credit: isEqual(answer, reference) ? 1 : 0 }),
};

function isEqual(answer: string, reference: string): boolean {
  if (answer === reference) return true;
  const given = pythonFloat(answer);
  const wanted = pythonInt(reference);
  return given !== undefined && wanted !== undefined && Math.abs(given - wanted) < TOLERANCE;
}

// The number behind the answer's mark in the language of an MGSM question. `compat` is the rule of OpenCompass and AISBench,
// which has no minus and joins `1 234` to nothing; `fixed` reads the line as people write numbers, and falls back on GSM8K's
// rules where the mark is missing.

/** The word before the answer; `dataset/builtin/mgsm.ts` asks for it. */
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
    compat: (text) => extractMgsmCompat(text, mark),
    fixed: (text) => extractMgsmFixed(text, mark, String(lang)),
    none: '',
  };
};

/** The last run of digits, with at most one point in or behind it, after the last mark; commas are left out before. */
function extractMgsmCompat(text: string, mark: string): Extraction | undefined {
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

function extractMgsmFixed(text: string, mark: string, lang: string): Extraction | undefined {
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
