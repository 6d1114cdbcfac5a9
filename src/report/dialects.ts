import type { DialectReport } from '../metrics/dialects/types.ts';
import { compactNumber, plainNumber } from './numbers.ts';
import { left, NO_VALUE, right, type Table } from './table.ts';
import { phrase } from './words.ts';

const TOOLS = {
  aisbench: 'AISBench',
  vllm: 'vllm bench serve',
  'genai-perf': 'GenAI-Perf',
  guidellm: 'GuideLLM',
};

/** The tables that another tool would have printed, with its names and statistics. */
export function dialectTables({
  dialect,
  stage,
  statistics,
  rows,
  common,
  findings,
}: DialectReport): Table[] {
  const tool = TOOLS[dialect];
  const title =
    stage === undefined
      ? phrase('As {tool} counts', { tool })
      : phrase('As {tool} counts, stage {stage}', { tool, stage });
  const hasN = rows.some(({ n }) => n !== undefined);
  const table: Table = {
    title,
    columns: [
      left(phrase('Metric')),
      ...statistics.map((name) => right(name)),
      ...(hasN ? [right('N')] : []),
    ],
    rows: rows.map(({ name, unit, values, n }) => [
      unit === '' ? name : `${name}, ${unit}`,
      ...values.map((value) => (value === undefined ? NO_VALUE : compactNumber(value))),
      ...(hasN ? [n === undefined ? '' : compactNumber(n)] : []),
    ]),
    footnotes: [],
  };
  const whole: Table = {
    title: phrase('{title}: whole run', { title }),
    columns: [left(phrase('Metric')), right(phrase('Value')), left(phrase('Unit'))],
    rows: common.map(({ name, value, unit }) => [name, plainNumber(value), unit]),
    footnotes: findings,
  };
  return rows.length === 0 ? [whole] : [table, whole];
}
