/** Numbers as people read them. Files keep the raw numbers. */
import type { MetricUnit } from '../metrics/definitions.ts';

const SCALES = [
  [1, ''],
  [1e3, 'k'],
  [1e6, 'M'],
  [1e9, 'G'],
  [1e12, 'T'],
] as const;

/** At most five characters (and a sign), so that a table of eight columns fits a terminal: `0.123`, `12.34`, `12345`, `1.2M`. */
export function compactNumber(value: number): string {
  if (value === 0) return '0';
  if (value < 0) return `-${compactNumber(-value)}`;
  if (value < 0.001) return '<.001';
  for (const [scale, suffix] of SCALES) {
    if (scale === 1 && Number.isInteger(value) && value < 1e5) return String(value);
    for (let decimals = 3; decimals >= 0; decimals--) {
      const text = (value / scale).toFixed(decimals) + suffix;
      if (text.length <= 5) return text;
    }
  }
  return '>999T';
}

/** Whole numbers as they are, others with six significant digits: `26938.4`. */
export function plainNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const digits = Math.max(6, Math.floor(Math.log10(Math.abs(value))) + 1);
  return String(Number(value.toPrecision(Math.min(digits, 17))));
}

/** A duration in two units at most: `8s`, `3m20s`, `2h05m`. */
export function shortDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds}s`;
  const pad = (part: number) => String(part).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${pad(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`;
}

/** `TTFT, ms`; what is counted in tokens says so by its name. */
export function nameWithUnit(name: string, unit: MetricUnit): string {
  const short = unit === 'token/s' ? 'tok/s' : unit;
  return short === 'token' || short === '' ? name : `${name}, ${short}`;
}
