/**
 * Reads the answers of mathematics as LaTeX, Unicode and plain text write them, by recursive descent. What a formula may be is
 * limited (`read-atom.ts`), so any text is read or refused in linear time.
 */
import { binary, call, type Formula, type RelationSign } from './formula.ts';
import { FormulaSource, type Grammar, readArgument, readAtom } from './read-atom.ts';
import spellings from './spellings.json' with { type: 'json' };

/** An answer's text before it is read: one spelling for what LaTeX, Unicode and people write in several. */

const CHARACTERS: Readonly<Record<string, string>> = spellings.characters;
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
const LAST_UNIT =
  '(?:cm|mm|km|kg|mg|lbs?|ft|inch(?:es)?|in|oz|mph|kph|hrs?|mins?|secs?|ml|degrees?|units?|meters?|miles?|feet|foot|yards?|' +
  'hours?|minutes?|seconds?|days?|weeks?|months?|years?|dollars?|cents?|percent|radians?|times|ways|people|students)';
const UNIT_AT_END = new RegExp(
  `(?<=[\\d)}]|\\\\pi) ?(?:(?:square|cubic|sq\\.?|cu\\.?) )?${LAST_UNIT}(?: ?\\^ ?\\{? ?[23] ?\\}?)?$`,
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

/** The formula that an answer's text is. Throws Unreadable for anything else. */
export function readAnswer(text: string): Formula {
  const source = new FormulaSource(cleanAnswer(text));
  if (source.isAtEnd) source.fail('an empty answer');
  const formula = readList(source);
  return source.isAtEnd ? formula : source.fail('something else');
}

const grammar: Grammar = { expression: readSum, factor: readFactor, answer: readList };

const SEPARATOR =
  /(?:[,;] ?)?(?:\\(?:text|mbox|mathrm|textrm) ?\{ ?,? ?(?:and|or) ?\}|(?:and|or)(?![a-zA-Z])|\\(?:lor|vee)(?![a-zA-Z]))|[,;]/y;

/** `1, 2 \text{ and } 3`. */
function readList(source: FormulaSource): Formula {
  const first = readRelation(source);
  const items = [first];
  while (source.take(SEPARATOR) !== undefined) items.push(readRelation(source));
  return items.length === 1 ? first : { kind: 'list', items };
}

const SIGN =
  /!=|<=|>=|:=|=|<|>|\\not ?=|\\(?:leqslant|leq|le|geqslant|geq|ge|lt|gt|neq|ne|approx|simeq|sim|in|equiv)(?![a-zA-Z])/y;
const SIGNS = spellings.relations as Readonly<Record<string, RelationSign>>;

function readRelation(source: FormulaSource): Formula {
  const first = readUnion(source);
  const [parts, signs]: [Formula[], RelationSign[]] = [[first], []];
  for (let sign = source.take(SIGN); sign !== undefined; sign = source.take(SIGN)) {
    signs.push(SIGNS[sign[0].replace(' ', '')] ?? source.fail('an unknown relation'));
    parts.push(readUnion(source));
  }
  return signs.length === 0 ? first : { kind: 'relation', signs, parts };
}

const REALS = '\\mathbb{R}';

function readUnion(source: FormulaSource): Formula {
  const first = readSum(source);
  const parts = [first];
  while (source.take(/\\cup(?![a-zA-Z])|U(?= ?[([])/y) !== undefined) parts.push(readSum(source));
  if (parts.length > 1) return { kind: 'union', parts };
  if (source.take(/\\(?:setminus|backslash)(?![a-zA-Z])/y) === undefined) return first;
  const without = readSum(source);
  const [point, ...more] = without.kind === 'bracket' ? without.items : [];
  if (first.kind !== 'symbol' || first.name !== REALS || point === undefined || more.length > 0) {
    source.fail('a difference of sets');
  }
  return { kind: 'relation', signs: ['!='], parts: [{ kind: 'symbol', name: 'x' }, point] };
}

const PLUS_OR_MINUS = /[+-]|\\(?:pm|mp)(?![a-zA-Z])/y;

function readSum(source: FormulaSource): Formula {
  return source.part(() => {
    let sum = readSigned(source);
    for (let sign = source.take(PLUS_OR_MINUS); sign !== undefined; sign = source.take(PLUS_OR_MINUS)) {
      const right = readProduct(source);
      if (sign[0] === '+' || sign[0] === '-') sum = binary(sign[0], sum, right);
      else sum = { kind: 'either', upper: sign[0] === '\\pm' ? 1 : -1, left: sum, right };
    }
    return sum;
  });
}

function readSigned(source: FormulaSource): Formula {
  const sign = source.take(PLUS_OR_MINUS)?.[0];
  if (sign === undefined) return readProduct(source);
  const of = source.part(() => readSigned(source));
  if (sign === '+') return of;
  if (sign === '-') return { kind: 'negative', of };
  return { kind: 'either', upper: sign === '\\pm' ? 1 : -1, right: of };
}

const TIMES = /\*|\\(?:cdot|times|ast)(?![a-zA-Z])/y;
const DIVIDED = /\/|:(?!=)|\\div(?![a-zA-Z])/y;
/** What begins a factor without a sign before it: no relation, no closing mark, no `and`. */
const SIDE_BY_SIDE = new RegExp(
  '(?!(?:and|or)(?![a-zA-Z]))[a-zA-TV-Z({]|U(?! ?[([])|' +
    String.raw`\\(?!(?:pm|mp|cup|cap|leq?|leqslant|geq?|geqslant|lt|gt|neq?|not|in|to|approx|simeq|sim|equiv|setminus|` +
    'backslash|mid|end|rvert|vert|rfloor|rceil|lor|vee|ldots|dots|cdots|text|mbox|hbox)(?![a-zA-Z]))[a-zA-Z]',
  'y',
);
/** A unit in the middle of a formula, with its power: nothing that changes a value. */
const UNIT =
  /\\(?:text(?:rm|bf|it|normal)?|mbox|hbox|mathrm) ?\{(?! ?,? ?(?:and|or) ?\}| ?[eid] ?\})[^{}]*\}(?: ?\^ ?(?:\{ ?-?\d ?\}|\d))?(?: ?\/ ?(?=\\(?:text|mathrm)))?/y;

function readProduct(source: FormulaSource): Formula {
  let product = readFactor(source);
  for (;;) {
    if (source.take(TIMES) !== undefined) product = binary('*', product, readSignedFactor(source));
    else if (source.take(DIVIDED) !== undefined) product = binary('/', product, readSignedFactor(source));
    else if (product.kind !== 'words' && source.take(UNIT) !== undefined) continue;
    else if (source.sees(SIDE_BY_SIDE) || (source.bars === 0 && source.next === '|')) {
      product = binary('*', product, readFactor(source));
    } else return product;
  }
}

function readSignedFactor(source: FormulaSource): Formula {
  if (source.take(/\+/y) !== undefined) return readFactor(source);
  if (source.take(/-/y) === undefined) return readFactor(source);
  return { kind: 'negative', of: readFactor(source) };
}

/** An atom with its powers, `!`, `%` and degrees. */
function readFactor(source: FormulaSource): Formula {
  let factor = readAtom(source, grammar);
  for (;;) {
    if (source.take(/\^\\circ(?![a-zA-Z])/y) !== undefined) factor = { kind: 'degrees', of: factor };
    else if (source.take(/\\?%/y) !== undefined) factor = { kind: 'percent', of: factor };
    else if (source.take(/!(?!=)/y) !== undefined) factor = call('factorial', factor);
    else if (source.take(/\^/y) !== undefined) factor = binary('^', factor, readPower(source));
    else return factor;
  }
}

function readPower(source: FormulaSource): Formula {
  if (source.take(/-/y) !== undefined) return { kind: 'negative', of: readArgument(source, grammar) };
  const digits = source.take(/\d+/y);
  if (digits === undefined) return readArgument(source, grammar);
  return { kind: 'number', value: { above: BigInt(digits[0]), below: 1n } };
}
