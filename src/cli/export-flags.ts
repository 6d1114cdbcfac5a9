import type { FlagSpec } from './flag-spec.ts';

const EXPORT_FORMATS = ['csv', 'parquet', 'openmetrics', 'markdown'] as const;
const EXPORT_TABLES = ['requests', 'samples'] as const;

export interface ExportFlags {
  readonly format: (typeof EXPORT_FORMATS)[number];
  readonly table: (typeof EXPORT_TABLES)[number];
  readonly out?: string;
}

export const EXPORT_FLAGS: readonly FlagSpec[] = [
  {
    flags: '--format <format>',
    meaning:
      'csv and parquet: a table; openmetrics: the numbers of the reports; markdown: a summary for a pull request',
    fallback: 'markdown',
    choices: EXPORT_FORMATS,
  },
  {
    flags: '--table <table>',
    meaning: 'which table csv and parquet hold: a row a request, or a row a judged answer',
    fallback: 'requests',
    choices: EXPORT_TABLES,
  },
  { flags: '-o, --out <file>', meaning: 'file to write (default: standard output)' },
];
