/** From a reply to the calls that it makes, as bfcl-eval decodes them. */
import { arithmetic, type Faults, type Numeric } from '../../python-data/arithmetic.ts';
import { parsePyJson } from '../../python-data/json.ts';
import { pyRepr } from '../../python-data/repr.ts';
import { isPyList, PyDict, PyTuple, type PyValue } from '../../python-data/value.ts';
import { parseExpression } from './parse.ts';
import type { CallSyntax, Clause, Expression } from './syntax.ts';

// What Python makes of operators between literals: an argument such as `3 * 60` or `10 ** 6` counts as its result.

/** Throws TypeError where Python raises, and for what needs more than literals and operators. */
function evaluate(syntax: Expression): PyValue {
  switch (syntax.kind) {
    case 'constant':
      return syntax.value;
    case 'list':
      return syntax.items.map(evaluate);
    case 'tuple':
      return new PyTuple(syntax.items.map(evaluate));
    case 'dict':
      return new PyDict(
        syntax.entries.map(({ key, value }) => [evaluate(key ?? refuseSum('**')), evaluate(value)] as const),
      );
    case 'unary':
      return sign(syntax.operator, evaluate(syntax.operand));
    case 'binary':
      return combine(syntax.operator, evaluate(syntax.left), evaluate(syntax.right));
    default:
      return refuseSum(syntax.kind);
  }
}

function refuseSum(what: string): never {
  throw new TypeError(`${what} cannot be computed`);
}

const FAULTS: Faults = { fail: refuseSum, refuse: refuseSum };

/** A bool counts as an int. */
function numberOf(value: PyValue): Numeric | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

function sign(operator: string, operand: PyValue): PyValue {
  const number = numberOf(operand);
  if (number === undefined) return refuseSum(operator);
  if (operator === '-') return -number;
  if (operator === '+') return number;
  return operator === '~' && typeof number === 'bigint' ? ~number : refuseSum(operator);
}

function combine(operator: string, left: PyValue, right: PyValue): PyValue {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) {
    const result = arithmetic(operator, a, b, FAULTS) ?? refuseSum(operator);
    const isBool = typeof left === 'boolean' && typeof right === 'boolean' && '&|^'.includes(operator);
    return isBool ? result !== 0n : result;
  }
  if (operator === '+') return joined(left, right);
  if (operator === '*' && typeof b === 'bigint') return repeated(left, b);
  if (operator === '*' && typeof a === 'bigint') return repeated(right, a);
  return refuseSum(operator);
}

function joined(a: PyValue, b: PyValue): PyValue {
  if (typeof a === 'string' && typeof b === 'string') return a + b;
  if (isPyList(a) && isPyList(b)) return [...a, ...b];
  if (a instanceof PyTuple && b instanceof PyTuple) return new PyTuple([...a.items, ...b.items]);
  return refuseSum('+');
}

/** Longer texts and lists than any answer has are refused. */
const LONGEST = 1_000_000;

function repeated(value: PyValue, times: bigint): PyValue {
  const count = times < 0n ? 0 : Number(times);
  const items = value instanceof PyTuple ? value.items : value;
  if (typeof items !== 'string' && !isPyList(items)) return refuseSum('*');
  if (items.length * count > LONGEST) return refuseSum('so long a value');
  if (typeof items === 'string') return items.repeat(count);
  const all = Array.from({ length: count }, () => items).flat() as PyValue[];
  return value instanceof PyTuple ? new PyTuple(all) : all;
}

// `ast.unparse`: an expression as Python writes it, which is what an argument that is a call or an item counts as.

/** How closely operators bind, from loose to tight. */
const LEVEL = {
  named: 0,
  tuple: 1,
  test: 3,
  or: 4,
  and: 5,
  not: 6,
  compare: 7,
  bits: 8,
  factor: 14,
  atom: 17,
} as const;

const BINARY: Readonly<Record<string, number>> = {
  '|': 8,
  '^': 9,
  '&': 10,
  '<<': 11,
  '>>': 11,
  '+': 12,
  '-': 12,
  '*': 13,
  '/': 13,
  '//': 13,
  '%': 13,
  '@': 13,
  '**': 15,
};

export function unparse(syntax: Expression): string {
  return at(LEVEL.test, syntax);
}

/** In parentheses where it binds less closely than its place asks. */
function at(level: number, syntax: Expression): string {
  const [own, text] = written(syntax);
  return level > own ? `(${text})` : text;
}

const BRACKETS = { list: '[]', tuple: '()', set: '{}' } as const;

type Of<K extends Expression['kind']> = Extract<Expression, { readonly kind: K }>;

/** The level that an expression is on, and its text. */
function written(syntax: Expression): readonly [level: number, text: string] {
  switch (syntax.kind) {
    case 'constant':
      return [LEVEL.atom, constant(syntax)];
    case 'ellipsis':
      return [LEVEL.atom, '...'];
    case 'format':
      return [LEVEL.atom, syntax.text];
    case 'name':
      return [LEVEL.atom, syntax.name];
    case 'attribute':
      return [LEVEL.atom, attribute(syntax)];
    case 'item':
      return [LEVEL.atom, `${at(LEVEL.atom, syntax.object)}[${index(syntax.index)}]`];
    case 'slice':
      return [LEVEL.atom, slice(syntax)];
    case 'call':
      return [LEVEL.atom, call(syntax)];
    case 'list':
    case 'tuple':
    case 'set':
      return [displayLevel(syntax), display(syntax)];
    case 'dict':
      return [LEVEL.atom, dict(syntax)];
    case 'comprehension':
      return [LEVEL.atom, comprehension(syntax)];
    case 'starred':
      return [LEVEL.atom, `*${at(LEVEL.bits, syntax.value)}`];
    case 'named':
      return [LEVEL.named, `${syntax.name} := ${at(LEVEL.atom, syntax.value)}`];
    case 'lambda':
      return [LEVEL.test, lambda(syntax)];
    default:
      return operation(syntax);
  }
}

function operation(
  syntax: Of<'unary' | 'binary' | 'logic' | 'compare' | 'choice'>,
): readonly [level: number, text: string] {
  switch (syntax.kind) {
    case 'unary': {
      const level = syntax.operator === 'not' ? LEVEL.not : LEVEL.factor;
      return [level, `${syntax.operator}${level === LEVEL.not ? ' ' : ''}${at(level, syntax.operand)}`];
    }
    case 'binary': {
      const level = BINARY[syntax.operator]!;
      const [left, right] = syntax.operator === '**' ? [level + 1, level] : [level, level + 1];
      return [level, `${at(left, syntax.left)} ${syntax.operator} ${at(right, syntax.right)}`];
    }
    case 'logic': {
      const level = LEVEL[syntax.operator];
      // Each further operand is held to a closer level than the one before it.
      const values = syntax.values.map((value, n) => at(level + 1 + n, value));
      return [level, values.join(` ${syntax.operator} `)];
    }
    case 'compare': {
      const level = LEVEL.compare;
      const rest = syntax.rest.map(({ operator, operand }) => ` ${operator} ${at(level + 1, operand)}`);
      return [level, at(level + 1, syntax.first) + rest.join('')];
    }
    case 'choice': {
      const [chosen, test] = [syntax.chosen, syntax.test].map((one) => at(LEVEL.test + 1, one));
      return [LEVEL.test, `${chosen} if ${test} else ${at(LEVEL.test, syntax.otherwise)}`];
    }
  }
}

function constant({ value, unicode }: Of<'constant'>): string {
  const text = pyRepr(value);
  if (typeof value === 'number') return text.replace('inf', '1e309');
  return unicode === true ? `u${text}` : text;
}

function attribute({ object, name }: Of<'attribute'>): string {
  const isInteger =
    object.kind === 'constant' && (typeof object.value === 'bigint' || typeof object.value === 'boolean');
  return `${at(LEVEL.atom, object)}${isInteger ? ' ' : ''}.${name}`;
}

function index(syntax: Expression): string {
  if (syntax.kind !== 'tuple' || syntax.items.length === 0) return unparse(syntax);
  return syntax.items.map(unparse).join(', ') + (syntax.items.length === 1 ? ',' : '');
}

function slice({ start, stop, step }: Of<'slice'>): string {
  const text = (one: Expression | undefined) => (one === undefined ? '' : unparse(one));
  return `${text(start)}:${text(stop)}${step === undefined ? '' : `:${text(step)}`}`;
}

function call({ callee, args, keywords }: CallSyntax): string {
  const named = keywords.map(({ name, value }) =>
    name === undefined ? `**${unparse(value)}` : `${name}=${unparse(value)}`,
  );
  return `${at(LEVEL.atom, callee)}(${[...args.map(unparse), ...named].join(', ')})`;
}

function display({ kind, items }: Of<'list' | 'tuple' | 'set'>): string {
  const isBare = kind === 'tuple' && items.length > 0;
  const [open, close] = isBare ? ['', ''] : BRACKETS[kind];
  const comma = kind === 'tuple' && items.length === 1 ? ',' : '';
  return `${open}${items.map(unparse).join(', ')}${comma}${close}`;
}

/** A tuple that holds something needs its parentheses only where more than one is asked for. */
function displayLevel({ kind, items }: Of<'list' | 'tuple' | 'set'>): number {
  return kind === 'tuple' && items.length > 0 ? LEVEL.tuple : LEVEL.atom;
}

function dict({ entries }: Of<'dict'>): string {
  const texts = entries.map(({ key, value }) =>
    key === undefined ? `**${at(LEVEL.bits, value)}` : `${unparse(key)}: ${unparse(value)}`,
  );
  return `{${texts.join(', ')}}`;
}

function lambda({ parameters, body }: Of<'lambda'>): string {
  return `lambda${parameters === '' ? '' : ` ${parameters}`}: ${at(LEVEL.test, body)}`;
}

function comprehension({ makes, key, element, clauses }: Of<'comprehension'>): string {
  const [open, close] = BRACKETS[makes === 'generator' ? 'tuple' : makes === 'dict' ? 'set' : makes];
  const head = key === undefined ? unparse(element) : `${unparse(key)}: ${unparse(element)}`;
  return `${open}${head}${clauses.map(clause).join('')}${close}`;
}

function clause({ target, iterable, conditions }: Clause): string {
  const tests = conditions.map((one) => ` if ${at(LEVEL.test + 1, one)}`);
  return ` for ${at(LEVEL.tuple, target)} in ${at(LEVEL.test + 1, iterable)}${tests.join('')}`;
}

export interface DecodedCall {
  readonly name: string;
  /** Argument by parameter; anything but a dict is no call. A value behind `**` has the key None. */
  readonly args: PyValue;
}

/**
 * Calls written as Python writes them, `[f(a=1), g(b='x')]`, the brackets or not. Arguments without a name are left out. Throws an
 * Error where bfcl-eval cannot decode it: words around the calls, a code fence with a language, values that are no literals.
 */
export function decodePython(reply: string): DecodedCall[] {
  const body = parseExpression(stripped(bracketed(reply), "[]'"));
  if (body.kind === 'call') return [callOf(body)];
  if (body.kind !== 'tuple' && body.kind !== 'list' && body.kind !== 'set') {
    throw new SyntaxError(`a ${body.kind} is no call`);
  }
  return body.items.map((item) => (item.kind === 'call' ? callOf(item) : refuse(item.kind)));
}

/** The reply without blanks and backticks around it, in the brackets of a list. */
export function bracketed(reply: string): string {
  const text = stripped(reply, '`\n ');
  return `${text.startsWith('[') ? '' : '['}${text}${text.endsWith(']') ? '' : ']'}`;
}

/** `text.strip(signs)`. */
function stripped(text: string, signs: string): string {
  let [start, end] = [0, text.length];
  while (start < end && signs.includes(text[start]!)) start++;
  while (end > start && signs.includes(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** Calls of a reply's tool calls. Throws an Error where arguments are no JSON. */
export function decodeToolCalls(toolCalls: readonly unknown[]): DecodedCall[] {
  return toolCalls.map((call) => {
    const { name, arguments: text } = call as { name: string; arguments: string };
    return { name, args: parsePyJson(text) };
  });
}

/**
 * Calls in the JSON of a text, a list of `{name: arguments}`, arguments as they are or as JSON text: what AISBench takes where a
 * reply that should have tool calls has none. Nothing where it is another JSON value or none.
 */
export function decodeJson(text: string): DecodedCall[] {
  let value: PyValue;
  try {
    value = parsePyJson(text);
  } catch {
    return [];
  }
  const calls = Array.isArray(value) ? value : [value];
  return calls.flatMap((call: PyValue) => {
    const [entry, ...more] = call instanceof PyDict ? call.entries() : [];
    if (entry === undefined || more.length > 0 || typeof entry[0] !== 'string') return [];
    return [{ name: entry[0], args: typeof entry[1] === 'string' ? parsePyJson(entry[1]) : entry[1] }];
  });
}

function callOf({ callee, keywords }: CallSyntax): DecodedCall {
  const args = new PyDict(keywords.map(({ name, value }) => [name ?? null, resolve(value)] as const));
  return { name: nameOf(callee), args };
}

/** `a.b.c`; of anything else than a name in front, nothing. */
function nameOf(callee: Expression): string {
  if (callee.kind === 'attribute') {
    const before = nameOf(callee.object);
    return before === '' ? callee.name : `${before}.${callee.name}`;
  }
  return callee.kind === 'name' ? callee.name : '';
}

/** The value of an argument: a name counts as its text, a call without named arguments and an item as their source. */
function resolve(syntax: Expression): PyValue {
  switch (syntax.kind) {
    case 'constant':
      return syntax.value;
    case 'ellipsis':
      return '...';
    case 'name':
      return syntax.name;
    case 'unary':
      return negated(syntax.operand);
    case 'binary':
      return evaluate(syntax);
    case 'list':
      return syntax.items.map(resolve);
    case 'tuple':
      return new PyTuple(syntax.items.map(resolve));
    case 'dict':
      return new PyDict(
        syntax.entries.map(({ key, value }) => [resolve(key ?? refuse('**')), resolve(value)] as const),
      );
    case 'call': {
      if (syntax.keywords.length === 0) return unparse(syntax);
      const { name, args } = callOf(syntax);
      return new PyDict([[name, args]]);
    }
    case 'item':
      return `${unparse(syntax.object)}[${unparse(syntax.index)}]`;
    default:
      return refuse(syntax.kind);
  }
}

/** Whatever the sign is, bfcl-eval takes it for a minus: `+1` is -1, `not True` is -1. */
function negated(operand: Expression): PyValue {
  const value = operand.kind === 'constant' ? operand.value : refuse(operand.kind);
  if (typeof value === 'boolean') return value ? -1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? -value : refuse('a sign');
}

function refuse(what: string): never {
  throw new TypeError(`unsupported: ${what}`);
}
