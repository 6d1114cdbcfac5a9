/** An answer's text before it is read: one spelling for what LaTeX, Unicode and people write in several. */

const CHARACTERS: Readonly<Record<string, string>> = {
  ...{ '−': '-', '–': '-', '﹣': '-', '－': '-', '＋': '+', '×': '\\times ', '·': '\\cdot ', '⋅': '\\cdot ' },
  ...{
    '÷': '/',
    '∕': '/',
    '⁄': '/',
    '±': '\\pm ',
    '∓': '\\mp ',
    '√': '\\sqrt ',
    π: '\\pi ',
    '∞': '\\infty ',
  },
  ...{
    '≤': '\\le ',
    '≥': '\\ge ',
    '≠': '\\ne ',
    '≈': '\\approx ',
    '∪': '\\cup ',
    '∈': '\\in ',
    '∅': '\\emptyset ',
  },
  ...{
    ℝ: '\\mathbb{R}',
    '°': '^\\circ ',
    º: '^\\circ ',
    '％': '%',
    '，': ',',
    '；': ';',
    '（': '(',
    '）': ')',
  },
  ...{ '［': '[', '］': ']', '＝': '=', '＜': '<', '＞': '>', '½': '\\frac{1}{2}', '⅓': '\\frac{1}{3}' },
  ...{
    '⅔': '\\frac{2}{3}',
    '¼': '\\frac{1}{4}',
    '¾': '\\frac{3}{4}',
    '、': ',',
    θ: '\\theta ',
    α: '\\alpha ',
  },
  ...{ β: '\\beta ', λ: '\\lambda ', φ: '\\phi ', '’': "'", '′': "'" },
};
const CHARACTER = new RegExp(`[${Object.keys(CHARACTERS).join('')}]`, 'g');

const POWERS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ';
const PLAIN_POWERS = '0123456789-n';
const POWER = new RegExp(`[${POWERS}]+`, 'g');

const REPLACEMENTS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  // Thousands: `10,\!080` and `10{,}080`; what is no group of digits is cleaned below.
  [/,\s*\\!\s*(?=\d)/g, '{,}'],
  [/(?<=\d)\\!(?=\d)/g, '{,}'],
  [/(?<!\\)\\!/g, ''],
  // Currency, and the dollar signs around a formula.
  [/\\?[$€£¥￥₹]/g, ''],
  [/(?<!\\)\\[()[\]]/g, ' '],
  [/\\(?:left|right|middle|[bB]igg?[lrm]?)(?![a-zA-Z])\s*(?:\.(?!\d))?/g, ''],
  [/\\(?:displaystyle|textstyle|scriptstyle|limits|nolimits|mathstrut|strut|hline)(?![a-zA-Z])/g, ' '],
  [/\\[hv]space\*?\s*\{[^{}]*\}/g, ' '],
  [/\\h?phantom\s*\{[^{}]*\}/g, ' '],
  [/\\(?:q?quad|thinspace|enspace|medspace|space)(?![a-zA-Z])|(?<!\\)\\[,;:> ]|~|&nbsp;/g, ' '],
  [/\\lbrace(?![a-zA-Z])/g, '\\{'],
  [/\\rbrace(?![a-zA-Z])/g, '\\}'],
  [/\\lbrack(?![a-zA-Z])/g, '['],
  [/\\rbrack(?![a-zA-Z])/g, ']'],
  [/\\langle(?![a-zA-Z])/g, '('],
  [/\\rangle(?![a-zA-Z])/g, ')'],
  [/\\degree(?:s)?(?![a-zA-Z])|\^\s*\{\s*\\(?:circ|degree)\s*\}|\^\s*\\circ(?![a-zA-Z])/g, '^\\circ '],
  [/\\[dtc]frac(?![a-zA-Z])/g, '\\frac'],
  [/\\[dt]binom(?![a-zA-Z])/g, '\\binom'],
  [/(?<=[\w)}]) ?\*\*(?=\s*[\d({-])/g, '^'],
  [/\s+/g, ' '],
];

/** Words that end an answer and are no part of it: a unit behind a number. */
const UNIT =
  '(?:cm|mm|km|kg|mg|lbs?|ft|inch(?:es)?|in|oz|mph|kph|hrs?|mins?|secs?|ml|degrees?|units?|meters?|miles?|feet|foot|yards?|' +
  'hours?|minutes?|seconds?|days?|weeks?|months?|years?|dollars?|cents?|percent|radians?|times|ways|people|students)';
const UNIT_AT_END = new RegExp(
  `(?<=[\\d)}]|\\\\pi) ?(?:(?:square|cubic|sq\\.?|cu\\.?) )?${UNIT}(?: ?\\^ ?\\{? ?[23] ?\\}?)?$`,
  'i',
);
/** `10 red apples`, `60 miles per hour`; what begins with a function is a formula. */
const WORDS_AT_END =
  /(?<=[\d)}]|\\pi) (?!(?:and|or|if|pi|sqrt|sin|cos|tan|cot|sec|csc|log|ln|exp|mod|infinity|arc\w+)\b)[A-Za-z]{3,}(?:[ /-][A-Za-z]+){0,4}$/;

/** The answer without formatting, spacing, currency, and the units at its end; what is left is read by `read-answer.ts`. */
export function cleanAnswer(text: string): string {
  let clean = singleBackslashes(text)
    .replace(/√\s*(\d+)/g, '\\sqrt{$1}')
    .replace(CHARACTER, (character) => CHARACTERS[character] ?? character)
    .replace(
      POWER,
      (power) => `^{${[...power].map((digit) => PLAIN_POWERS[POWERS.indexOf(digit)]).join('')}}`,
    );
  for (const [pattern, replacement] of REPLACEMENTS) clean = clean.replace(pattern, replacement);
  clean = trimEnds(clean);
  const shorter = clean.replace(UNIT_AT_END, '').replace(WORDS_AT_END, '');
  return trimEnds(shorter);
}

/** A command behind two backslashes is one behind one, escaped twice; in a matrix two backslashes end a row. */
function singleBackslashes(text: string): string {
  return text.includes('\\begin') ? text : text.replace(/\\\\(?=[a-zA-Z])/g, '\\');
}

function trimEnds(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && ' =:*"'.includes(text[start]!)) start++;
  while (end > start && ' .,;:*"'.includes(text[end - 1]!)) end--;
  // A line break at the end is `\\`.
  return text.slice(start, end).replace(/(?<!\\)\\\\$/, '');
}

/** An answer that is no formula, to compare as text: without the spaces that part no two words or numbers. */
export function bareText(text: string): string {
  return cleanAnswer(text).replace(/(?<![\p{L}\p{N}]) | (?![\p{L}\p{N}])/gu, '');
}

const WRAPPED = /\\(?:text(?:bf|it|rm|sf|tt)?|mbox|math(?:rm|bf|it|sf|tt)|operatorname)(?![a-zA-Z])/g;

/** The words of a text answer, to compare: lower case, without commands, brackets and punctuation around. */
export function bareWords(text: string): string {
  const words = cleanAnswer(text).replace(WRAPPED, '').replace(/[{}]/g, ' ').replace(/\s+/g, ' ');
  return words.replace(/^[ ([]+|[ )\].!]+$/g, '').toLowerCase();
}
