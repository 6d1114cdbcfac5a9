import { compactNumber } from '../numbers.ts';
import { NO_VALUE } from '../table.ts';
import { ALPHA, type Difference } from './difference.ts';
import type { NumberChange } from './types.ts';

/** `+3.2 %`, `−1.4 pt`. */
export function signed(value: number, unit: string): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const text = size.toFixed(digits);
  const isZero = Number(text) === 0;
  return `${isZero ? '' : value > 0 ? '+' : '−'}${text}${unit}`;
}

export function changeText({ scale, change }: Difference): string {
  return signed(change, scale === 'ratio' ? ' %' : ' pt');
}

export function intervalText({ low, high }: Difference): string {
  if (!Number.isFinite(high) || low === -100) return 'not bounded';
  return `${signed(low, '')} … ${signed(high, '')}`;
}

export function pText(p: number | undefined): string {
  if (p === undefined) return NO_VALUE;
  return p < 0.001 ? '<.001' : p.toFixed(3);
}

/** What the comparison says of a number, at the level of 5 % for all numbers together. */
export function verdictOf({ difference, adjusted = 1, moreIsBetter }: NumberChange): 'better' | 'worse' | '' {
  if (difference === undefined || adjusted >= ALPHA || difference.change === 0) return '';
  return difference.change > 0 === moreIsBetter ? 'better' : 'worse';
}

/** A number in its unit, short enough for a table. */
export function valueText(value: number, unit: string): string {
  return unit === '%' ? value.toFixed(2) : compactNumber(value);
}
