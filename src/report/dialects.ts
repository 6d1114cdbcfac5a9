import type { DialectReport } from '../metrics/dialects/types.ts';
import { compactNumber, plainNumber } from './numbers.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';

const TOOLS = {
  aisbench: 'AISBench',
  vllm: 'vllm bench serve',
  'genai-perf': 'GenAI-Perf',
  guidellm: 'GuideLLM',
};

/** The tables that another tool would have printed, with its names and statistics. */
export function dialectTables({ dialect, stage, statistics, rows, common, notes }: DialectReport): Table[] {
  const title = `As ${TOOLS[dialect]} counts${stage === undefined ? '' : `, stage ${stage}`}`;
  const hasN = rows.some(({ n }) => n !== undefined);
  const table: Table = {
    title,
    columns: [left('Metric'), ...statistics.map(right), ...(hasN ? [right('N')] : [])],
    rows: rows.map(({ name, unit, values, n }) => [
      unit === '' ? name : `${name}, ${unit}`,
      ...values.map((value) => (value === undefined ? NO_VALUE : compactNumber(value))),
      ...(hasN ? [n === undefined ? '' : compactNumber(n)] : []),
    ]),
    footnotes: [],
  };
  const whole: Table = {
    title: `${title}: whole run`,
    columns: [left('Metric'), right('Value'), left('Unit')],
    rows: common.map(({ name, value, unit }) => [name, plainNumber(value), unit]),
    footnotes: notes,
  };
  return rows.length === 0 ? [whole] : [table, whole];
}
