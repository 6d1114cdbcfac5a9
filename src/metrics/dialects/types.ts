import type { Finding } from '../../contract/finding.ts';
import type { RunRecord } from '../../contract/record.ts';
import type { Slos } from '../goodput.ts';

/** Tools whose definitions a run can be counted by. */
export const DIALECTS = ['aisbench', 'vllm', 'genai-perf', 'guidellm'] as const;
export type DialectName = (typeof DIALECTS)[number];

/** What tools are compared by; times in milliseconds, rates a second. */
export const COMPARED = [
  'TTFT mean',
  'TTFT P99',
  'TPOT mean',
  'ITL mean',
  'ITL P99',
  'E2EL mean',
  'E2EL P99',
  'Requests counted',
  'Duration',
  'Request throughput',
  'Output throughput',
] as const;
export type Compared = (typeof COMPARED)[number];

export interface DialectRow {
  readonly name: string;
  readonly unit: string;
  /** One a statistic; undefined where the tool prints none. */
  readonly values: readonly (number | undefined)[];
  readonly n?: number;
}

/** What another tool would have printed of the same records. */
export interface DialectReport {
  readonly dialect: DialectName;
  /** AISBench's stage: `total`, or `stable` for its steady-state calculator. */
  readonly stage?: string;
  readonly statistics: readonly string[];
  readonly rows: readonly DialectRow[];
  /** One value a run. */
  readonly common: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
  readonly compared: Readonly<Partial<Record<Compared, number>>>;
  /** What the records do not hold, so that the tool's own number may differ. */
  readonly findings: readonly Finding[];
}

export interface DialectOptions {
  /** `batch_size`. */
  readonly concurrency: number;
  readonly slos?: Slos;
}

/** Counts a run as one tool does. */
export interface Dialect {
  add(record: RunRecord): void;
  finish(): DialectReport[];
}
