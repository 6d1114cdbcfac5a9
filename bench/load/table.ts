/** What the bench's measurements share: flags, medians, and rows that say whether a limit is met. */
import { loadavg } from 'node:os';

export interface BenchFlags {
  readonly streams?: number;
  /** Of one stream. */
  readonly seconds?: number;
  readonly rounds?: number;
  readonly requests?: number;
}

/** The value below which the given share (0 to 1) of the values lies. */
export function quantile(values: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** What is measured, and how busy the machine was before: others' work is in every figure. */
export function title(text: string): void {
  console.log(`\n${text} (load average ${loadavg()[0]!.toFixed(1)})`);
}

/** The values of all rounds, in their order. */
export function rounds(name: string, values: readonly number[], digits = 2): void {
  console.log(
    `  ${name.padEnd(34)} median ${median(values).toFixed(digits)}   (${values.map((value) => value.toFixed(digits)).join('  ')})`,
  );
}

/** Prints a figure beside its limit; returns whether it is met. */
export function row(name: string, value: number, unit: string, limit: number, isMost = true): boolean {
  const met = isMost ? value <= limit : value >= limit;
  const sign = isMost ? '≤' : '≥';
  console.log(
    `${name.padEnd(58)}${value.toFixed(value >= 100 ? 0 : 3).padStart(9)} ${unit.padEnd(6)} ${sign} ${String(limit).padEnd(7)}${met ? 'met' : 'MISSED'}`,
  );
  return met;
}
