/** What BFCL takes an argument written in Java for. What it cannot read stays a text. */
import { PyDict, type PyValue } from '../../python-data/value.ts';
import { elementsOf, integerIn, isQuoted, numberOrText } from './foreign-values.ts';

const DECIMAL = String.raw`-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const DOUBLE = new RegExp(`^${DECIMAL}\n?$`);
const FLOAT = new RegExp(`^${DECIMAL}[fF]\n?$`);
const LONG = /^-?\d+[lL]\n?$/;

/** `items` is the type of a collection's elements, where the description gives one. */
export function javaValue(text: string, type: string, items?: string): PyValue {
  switch (type) {
    case 'byte':
    case 'short':
    case 'integer':
      return /^-?\d+\n?$/.test(text) ? integerIn(text)! : text;
    case 'float':
      return FLOAT.test(text) ? Number(text.trim().slice(0, -1)) : text;
    case 'double':
      return DOUBLE.test(text) ? Number(text) : text;
    case 'long':
      return LONG.test(text) ? BigInt(text.trim().slice(0, -1)) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'Array':
      return arrayIn(text, items);
    case 'ArrayList':
      return listIn(text, items);
    case 'HashMap':
      return mapIn(text);
    default:
      return text;
  }
}

function arrayIn(code: string, items: string | undefined): PyValue {
  const inner = /new\s+[\p{L}\p{N}_]+\[\]\s*\{([^\n]*?)\}/u.exec(code)?.[1];
  if (inner === undefined) return code;
  return elementsOf(inner)
    .filter((one) => one !== '')
    .map((one) => (items === undefined ? anyValue(one) : javaValue(one, items)));
}

const AS_LIST = /new\s+ArrayList<[\p{L}\p{N}_]*>\(Arrays\.asList\(([^\n]+?)\)\)/u;
const WITH_ADDS = /new\s+ArrayList<[\p{L}\p{N}_]*>\(\)\s*\{\{/u;
const EMPTY_LIST = /new\s+ArrayList<[\p{L}\p{N}_]*>\(\)/u;

function listIn(code: string, items: string | undefined): PyValue {
  const element = (one: string): PyValue => {
    if (items === 'char' || items === 'String') return one.slice(1, -1);
    return items === undefined ? anyValue(one) : javaValue(one, items);
  };
  const listed = AS_LIST.exec(code)?.[1];
  if (listed !== undefined) return elementsOf(listed).map(element);
  const added = between(code, WITH_ADDS, '}}', 1);
  if (added !== undefined) {
    return [...added.matchAll(/add\(([^\n]+?)\)/g)].map(([, one]) => element(one!.trim()));
  }
  return EMPTY_LIST.test(code) ? [] : code;
}

const WITH_PUTS = /new\s+HashMap<.*?>\s*\(\)\s*\{/s;
const PUT = /put\("([^\n]*?)",\s*([^\n]*?)\)/g;
const EMPTY_MAP = /new\s+HashMap<[^\n]*?>\s*\(\)/;

/** What stands behind a beginning up to the sign that ends it, at least so many characters away. */
function between(code: string, begin: RegExp, end: string, least: number): string | undefined {
  const found = begin.exec(code);
  if (found === null) return undefined;
  const start = found.index + found[0].length;
  const stop = code.indexOf(end, start + least);
  return stop === -1 ? undefined : code.slice(start, stop);
}

function mapIn(code: string): PyValue {
  const puts = between(code, WITH_PUTS, '}', 0);
  if (puts !== undefined) {
    return new PyDict(
      [...puts.matchAll(PUT)].map(([, key, value]) => [key!, anyValue(value!.trim())] as const),
    );
  }
  return EMPTY_MAP.test(code) ? new PyDict() : code;
}

function anyValue(text: string): PyValue {
  if (text === 'true' || text === 'false') return text === 'true';
  if (isQuoted(text, ['"'])) return text.slice(1, -1);
  if (LONG.test(text)) return BigInt(text.trim().slice(0, -1));
  return FLOAT.test(text) ? Number(text.trim().slice(0, -1)) : numberOrText(text);
}
