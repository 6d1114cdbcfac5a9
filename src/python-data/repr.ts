import { isPyList, PyDict, PyOpaque, type PyTuple, type PyValue } from './value.ts';

/** `repr(value)`. */
export function pyRepr(value: PyValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return floatRepr(value);
  if (typeof value === 'string') return textRepr(value);
  if (value instanceof PyOpaque) return value.text;
  if (value instanceof PyDict) {
    const entries = [...value.entries()].map(([key, one]) => `${pyRepr(key)}: ${pyRepr(one)}`);
    return `{${entries.join(', ')}}`;
  }
  if (isPyList(value)) return `[${value.map(pyRepr).join(', ')}]`;
  const { items } = value as PyTuple;
  return `(${items.map(pyRepr).join(', ')}${items.length === 1 ? ',' : ''})`;
}

/** `repr` of a float, the shortest digits that mean it: `5.0`, `1e+16`, `1e-05`, `inf`. */
export function floatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [, lead = '', rest = '', power = ''] =
    /^(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(Math.abs(value).toExponential()) ?? [];
  const digits = lead + rest;
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const mark = exponent < 0 ? '-' : '+';
    return `${sign}${lead}${rest === '' ? '' : `.${rest}`}e${mark}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** `repr` of a text: in single quotes, or in double ones where that needs no escape; what is not printable is escaped. */
export function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  // Other and separator categories are not printable, but for the blank.
  const body = text.replace(/[\\\p{C}\p{Z}]/gu, (letter) =>
    letter === ' ' ? letter : (NAMED[letter] ?? escapeOf(letter)),
  );
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}

/** A character as Python escapes it. */
export function escapeOf(letter: string): string {
  const code = letter.codePointAt(0) as number;
  const hex = (width: number) => code.toString(16).padStart(width, '0');
  if (code < 0x100) return `\\x${hex(2)}`;
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
