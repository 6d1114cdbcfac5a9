import { expect, it } from 'vitest';
import type { GroupRow } from '../metrics/groups.ts';
import { groupTables } from './breakdowns.ts';
import { groupsCsv } from './csv.ts';
import { plainTable } from './table.ts';
import { renderTerminal } from './terminal.ts';

const stats = (median: number, p99: number) => ({
  average: 0,
  min: 0,
  max: 0,
  median,
  p75: 0,
  p90: 0,
  p99,
});
const rows: GroupRow[] = [
  {
    name: 'http://10.0.0.1:8000/',
    requests: 12,
    failed: 1,
    ttft: stats(123.4, 321),
    e2el: stats(1000.5, 2000),
    outputTokenThroughput: 456.7,
  },
  { name: '', requests: 3, failed: 3 },
];

it('is no table where the run had one server and no adapters', () => {
  expect([groupTables({}), groupsCsv({})]).toEqual([[], undefined]);
});

it('shows a line a server and a line an adapter, within 80 columns', () => {
  const text = renderTerminal(groupTables({ servers: rows, adapters: rows }), [], { color: false });
  const lines = text.split('\n').filter((line) => /^(Servers|Adapters|http|none)/.test(line));
  expect(lines.map((line) => line.split(/\s+/))).toEqual([
    ['Servers'],
    ['http://10.0.0.1:8000/', '12', '1', '123.4', '321', '1001', '2000', '456.7'],
    ['none', '3', '3', 'n/a', 'n/a', 'n/a', 'n/a', 'n/a'],
    ['Adapters'],
    ['http://10.0.0.1:8000/', '12', '1', '123.4', '321', '1001', '2000', '456.7'],
    ['none', '3', '3', 'n/a', 'n/a', 'n/a', 'n/a', 'n/a'],
  ]);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('does not flood the terminal with thousands of adapters', () => {
  const many = Array.from({ length: 1050 }, (_, n) => ({ ...rows[1]!, name: `a${n}` }));
  const [table] = groupTables({ adapters: many });
  expect(table!.rows).toHaveLength(50);
  expect(plainTable(table!).footnotes[0]).toBe('1000 further rows are in the CSV file');
  expect(groupsCsv({ adapters: many })!.trimEnd().split('\n')).toHaveLength(1051);
});

it('writes raw numbers to the CSV file', () => {
  expect(groupsCsv({ servers: rows })).toBe(
    'kind,name,requests,failed,ttft_median_ms,ttft_p99_ms,e2el_median_ms,e2el_p99_ms,output_tokens_per_s\n' +
      'server,http://10.0.0.1:8000/,12,1,123.4,321,1000.5,2000,456.7\n' +
      'server,,3,3,,,,,\n',
  );
});
