import { isPyList, PyDict, PyOpaque, type PyTuple, type PyValue } from './value.ts';

/** `repr(value)`. */
export function pyRepr(value: PyValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return pythonFloatRepr(value);
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

/** `repr(value)` of a float: `5.0`, `1e+16`, `1e-05`, `inf`. */
export function pythonFloatRepr(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  // JavaScript writes numbers below 1e-6 with an exponent, and Python those below 1e-4: none is in between here.
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

/** In single quotes, or in double ones where that needs no escape; what is not printable is escaped. */
function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  // Other and separator categories are not printable, but for the blank.
  const body = text.replace(/[\\\p{C}\p{Z}]/gu, (letter) =>
    letter === ' ' ? letter : (NAMED[letter] ?? escapeOf(letter)),
  );
  return quote + (quote === "'" ? body.replaceAll("'", "\\'") : body) + quote;
}

function escapeOf(letter: string): string {
  const code = letter.codePointAt(0) as number;
  const hex = (width: number) => code.toString(16).padStart(width, '0');
  if (code < 0x100) return `\\x${hex(2)}`;
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}
