/** What BFCL takes an argument written in JavaScript for. What it cannot read stays a text. */
import { PyDict, type PyValue } from '../../python-data/value.ts';
import { elementsOf, integerIn, isQuoted, numberOrText } from './foreign-values.ts';
import { rowsIn } from './js-rows.ts';

const QUOTES = ['"', "'"];

/** `items` is the type of an array's elements, where the description gives one. */
export function jsValue(text: string, type: string, items?: string): PyValue {
  switch (type) {
    case 'String':
      return isQuoted(text, QUOTES) ? text.slice(1, -1) : text;
    case 'integer':
      return /^-?\d+\n?$/.test(text) ? integerIn(text)! : text;
    case 'float':
      return /^-?\d+(?:\.\d+)?\n?$/.test(text) ? Number(text) : text;
    case 'Bigint':
      return /^-?\d+n\n?$/.test(text) ? BigInt(text.trim().slice(0, -1)) : text;
    case 'Boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    case 'array':
      return arrayIn(text.trim(), items);
    case 'dict':
      return objectIn(text.trim());
    default:
      return text;
  }
}

const ROW = /\[([^\n]*?)\]/g;
const ARRAY = /^(?:\[([^\n]*?)\]|new\s+Array\(([^\n]*?)\))/;

/** Elements are whatever stands between commas, so a comma in a string parts it. */
function arrayIn(code: string, items: string | undefined): PyValue {
  const rows = rowsIn(code);
  if (rows !== undefined) {
    return [...rows.matchAll(ROW)].map(([, row], index) => {
      const inner = row!.trim();
      return elementsOf(index === 0 && inner.startsWith('[') ? inner.slice(1) : inner).map(anyValue);
    });
  }
  const found = ARRAY.exec(code);
  if (found === null) return code;
  const inner = (found[1] ?? found[2] ?? '').trim();
  if (inner === '') return [];
  return elementsOf(inner).map((one) => (items === undefined ? anyValue(one) : jsValue(one, items)));
}

const OBJECT = /^\{([^\n]*?)\}/;
/** What follows the last colon is looked at once, and is no entry. */
const ENTRY = /([^:]+):\s*(.*?)(?:,\s*(?=[^,]+:)|$)|[^:]+$/g;

/** Up to the first `}`: objects in objects are cut there. */
function objectIn(code: string): PyValue {
  if (code === '{}') return new PyDict();
  const inner = OBJECT.exec(code)?.[1];
  if (inner === undefined) return code;
  if (!inner.includes(':')) return new PyDict();
  return new PyDict(
    [...inner.matchAll(ENTRY)].flatMap(([, key, value]) =>
      key === undefined ? [] : [[unquoted(key.trim()), entryValue(value!.trim())] as const],
    ),
  );
}

function entryValue(value: string): PyValue {
  if (value.startsWith('[') && value.endsWith(']')) return arrayIn(value, undefined);
  if (value.startsWith('{') && value.endsWith('}')) return objectIn(value);
  return anyValue(unquoted(value));
}

function unquoted(text: string): string {
  return text.replace(/^['"]+/, '').replace(/(?<!['"])['"]+$/, '');
}

function anyValue(code: string): PyValue {
  const text = code.trim();
  if (text === 'true' || text === 'false') return text === 'true';
  return isQuoted(text, QUOTES) ? text.slice(1, -1) : numberOrText(text);
}
