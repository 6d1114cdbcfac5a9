/**
 * Reads the answers of mathematics as LaTeX, Unicode and plain text write them, by recursive descent. What a formula may be is
 * limited (`source.ts`), so any text is read or refused in linear time.
 */
import { cleanAnswer } from './clean.ts';
import { binary, call, type Formula, type RelationSign } from './formula.ts';
import { type Grammar, readArgument, readAtom } from './read-atom.ts';
import { Source } from './source.ts';

/** The formula that an answer's text is. Throws Unreadable for anything else. */
export function readAnswer(text: string): Formula {
  const source = new Source(cleanAnswer(text));
  if (source.isAtEnd) source.fail('an empty answer');
  const formula = readList(source);
  return source.isAtEnd ? formula : source.fail('something else');
}

const grammar: Grammar = { expression: readSum, factor: readFactor, answer: readList };

const SEPARATOR =
  /(?:[,;] ?)?(?:\\(?:text|mbox|mathrm|textrm) ?\{ ?,? ?(?:and|or) ?\}|(?:and|or)(?![a-zA-Z])|\\(?:lor|vee)(?![a-zA-Z]))|[,;]/y;

/** `1, 2 \text{ and } 3`. */
function readList(source: Source): Formula {
  const first = readRelation(source);
  const items = [first];
  while (source.take(SEPARATOR) !== undefined) items.push(readRelation(source));
  return items.length === 1 ? first : { kind: 'list', items };
}

const SIGN =
  /!=|<=|>=|:=|=|<|>|\\not ?=|\\(?:leqslant|leq|le|geqslant|geq|ge|lt|gt|neq|ne|approx|simeq|sim|in|equiv)(?![a-zA-Z])/y;
const SIGNS: Readonly<Record<string, RelationSign>> = {
  ...{
    '=': '=',
    ':=': '=',
    '\\equiv': '=',
    '!=': '!=',
    '\\ne': '!=',
    '\\neq': '!=',
    '\\not=': '!=',
    '<': '<',
  },
  ...{
    '\\lt': '<',
    '>': '>',
    '\\gt': '>',
    '<=': '<=',
    '\\le': '<=',
    '\\leq': '<=',
    '\\leqslant': '<=',
    '>=': '>=',
  },
  ...{
    '\\ge': '>=',
    '\\geq': '>=',
    '\\geqslant': '>=',
    '\\approx': '~',
    '\\simeq': '~',
    '\\sim': '~',
    '\\in': 'in',
  },
};

function readRelation(source: Source): Formula {
  const first = readUnion(source);
  const [parts, signs]: [Formula[], RelationSign[]] = [[first], []];
  for (let sign = source.take(SIGN); sign !== undefined; sign = source.take(SIGN)) {
    signs.push(SIGNS[sign[0].replace(' ', '')] ?? source.fail('an unknown relation'));
    parts.push(readUnion(source));
  }
  return signs.length === 0 ? first : { kind: 'relation', signs, parts };
}

const REALS = '\\mathbb{R}';

function readUnion(source: Source): Formula {
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

function readSum(source: Source): Formula {
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

function readSigned(source: Source): Formula {
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

function readProduct(source: Source): Formula {
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

function readSignedFactor(source: Source): Formula {
  if (source.take(/\+/y) !== undefined) return readFactor(source);
  if (source.take(/-/y) === undefined) return readFactor(source);
  return { kind: 'negative', of: readFactor(source) };
}

/** An atom with its powers, `!`, `%` and degrees. */
function readFactor(source: Source): Formula {
  let factor = readAtom(source, grammar);
  for (;;) {
    if (source.take(/\^\\circ(?![a-zA-Z])/y) !== undefined) factor = { kind: 'degrees', of: factor };
    else if (source.take(/\\?%/y) !== undefined) factor = { kind: 'percent', of: factor };
    else if (source.take(/!(?!=)/y) !== undefined) factor = call('factorial', factor);
    else if (source.take(/\^/y) !== undefined) factor = binary('^', factor, readPower(source));
    else return factor;
  }
}

function readPower(source: Source): Formula {
  if (source.take(/-/y) !== undefined) return { kind: 'negative', of: readArgument(source, grammar) };
  const digits = source.take(/\d+/y);
  if (digits === undefined) return readArgument(source, grammar);
  return { kind: 'number', value: { above: BigInt(digits[0]), below: 1n } };
}
