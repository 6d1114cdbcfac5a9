/** Numbers as Python reads them from a text, for values written in Java and JavaScript. */
import type { PyValue } from '../../python-data/value.ts';
import { asciiDigits, pythonFloat, pythonInt } from '../python-number.ts';

/** `int(text)`, else `float(text)`, else the text. */
export function numberOrText(text: string): PyValue {
  return integerIn(text) ?? pythonFloat(text) ?? text;
}

/** `int(text)`; undefined where Python raises. */
export function integerIn(text: string): bigint | undefined {
  if (pythonInt(text) === undefined) return undefined;
  return BigInt(asciiDigits(text.trim()).replaceAll('_', '').replace(/^\+/, ''));
}

export function isQuoted(text: string, quotes: readonly string[]): boolean {
  return quotes.some((quote) => text.startsWith(quote) && text.endsWith(quote));
}

/** Elements between commas, without the blanks around them. */
export function elementsOf(text: string): string[] {
  return text.split(',').map((element) => element.trim());
}
