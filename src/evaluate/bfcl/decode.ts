/** From a reply to the calls that it makes, as bfcl-eval decodes them. */
import { parsePyJson } from '../../python-data/json.ts';
import { PyDict, PyTuple, type PyValue } from '../../python-data/value.ts';
import { evaluate } from './arithmetic.ts';
import { parseExpression } from './parse.ts';
import type { CallSyntax, Expression } from './syntax.ts';
import { unparse } from './unparse.ts';

export interface FunctionCall {
  readonly name: string;
  /** Argument by parameter; anything but a dict is no call. A value behind `**` has the key None. */
  readonly args: PyValue;
}

/**
 * Calls written as Python writes them, `[f(a=1), g(b='x')]`, the brackets or not. Arguments without a name are left out. Throws an
 * Error where bfcl-eval cannot decode it: words around the calls, a code fence with a language, values that are no literals.
 */
export function decodePython(reply: string): FunctionCall[] {
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
export function decodeToolCalls(toolCalls: readonly unknown[]): FunctionCall[] {
  return toolCalls.map((call) => {
    const { name, arguments: text } = call as { name: string; arguments: string };
    return { name, args: parsePyJson(text) };
  });
}

/**
 * Calls in the JSON of a text, a list of `{name: arguments}`, arguments as they are or as JSON text: what AISBench takes where a
 * reply that should have tool calls has none. Nothing where it is another JSON value or none.
 */
export function decodeJson(text: string): FunctionCall[] {
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

function callOf({ callee, keywords }: CallSyntax): FunctionCall {
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
