import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../../test/support/sample-record.ts';
import { parseCsv } from '../../dataset/csv.ts';
import { type CellValue, csvHead, csvRows, type ExportColumn } from './column.ts';
import { ParquetTable } from './parquet.ts';
import { REQUEST_COLUMNS, requestRow, SAMPLE_COLUMNS } from './requests.ts';

type Row = readonly (CellValue | undefined)[];

const COLUMNS: readonly ExportColumn<Row>[] = (
  ['string', 'int64', 'double', 'boolean', 'timestamp'] as const
).map((type, n) => ({ name: type, type, meaning: '', of: (row) => row[n] }));

const none = { nil: undefined };
const ROWS = fc.array(
  fc.tuple(
    fc.option(fc.string({ unit: 'grapheme' }), none),
    fc.option(fc.maxSafeInteger(), none),
    fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), none),
    fc.option(fc.boolean(), none),
    fc.option(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }), none),
  ),
);

async function parquetOf(columns: readonly ExportColumn<any>[], groups: readonly (readonly unknown[])[]) {
  const parts: Uint8Array[] = [];
  const table = new ParquetTable(columns, (bytes) => parts.push(bytes.slice()), 'ais_bench test');
  for (const rows of groups) await table.add(rows);
  await table.finish();
  const { buffer, byteOffset, byteLength } = Buffer.concat(parts);
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

it('Parquet gives back every value, nulls too, over several groups of rows', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(ROWS, { maxLength: 3 }), async (groups) => {
      const file = await parquetOf(COLUMNS, groups);
      const read = await parquetReadObjects({ file });
      const wanted = groups.flat().map(([text, whole, double, boolean, timestamp]) => ({
        string: text ?? null,
        int64: whole === undefined ? null : BigInt(whole),
        double: double ?? null,
        boolean: boolean ?? null,
        timestamp: timestamp ?? null,
      }));
      expect(read).toEqual(wanted);
    }),
    { numRuns: 40 },
  );
});

it('Parquet columns have the types that other readers look at', async () => {
  const { schema, created_by } = parquetMetadata(await parquetOf(COLUMNS, []));
  expect(created_by).toBe('ais_bench test');
  expect(schema.slice(1)).toMatchObject([
    { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
    { type: 'INT64' },
    { type: 'DOUBLE' },
    { type: 'BOOLEAN' },
    { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: { isAdjustedToUTC: true } },
  ]);
  for (const column of schema.slice(1)) expect(column.repetition_type).toBe('OPTIONAL');
});

it('CSV gives back every value as text', () => {
  fc.assert(
    fc.property(ROWS, (rows) => {
      const text = csvHead(COLUMNS) + csvRows(COLUMNS, rows);
      // Our reader leaves out blank lines and takes CR for LF; neither is a matter of writing.
      fc.pre(!rows.some(([first]) => first?.includes('\r')));
      const read = parseCsv(text, 'x.csv');
      expect(read.map((row) => Object.values(row))).toEqual(
        rows.map((row) =>
          row.map((value) =>
            value === undefined ? '' : value instanceof Date ? value.toISOString() : String(value),
          ),
        ),
      );
    }),
  );
});

const valuesOf = (row: ReturnType<typeof requestRow>) =>
  Object.fromEntries(REQUEST_COLUMNS.map(({ name, of }) => [name, of(row)]));

it('a request has its times, tokens and latencies', () => {
  const events = [
    ['role', 105],
    ['content', 120],
    ['content', 130],
    ['content', 160],
  ] as const;
  const record = sampleAnswer({ scheduled: 98, sent: 100, done: 170, events, input: 7, output: 4 });
  const row = requestRow('r1', record, (ms) => new Date(1000 + ms));
  expect(valuesOf(row)).toMatchObject({
    run: 'r1',
    model: 'm',
    dataset: 'd',
    case_id: 'c0',
    row: 0,
    turn: undefined,
    outcome: 'ok',
    sent_at: new Date(1100),
    lag_ms: 2,
    ttft_ms: 20,
    itl_mean_ms: 20,
    itl_max_ms: 30,
    e2el_ms: 60,
    response_e2el_ms: 62,
    payload_events: 3,
    input_tokens: 7,
    output_tokens: 4,
    output_tokens_source: 'server',
  });
});

it('a failed request has its failure and no latencies', () => {
  const record = sampleFailure({ kind: 'http-status', status: 503, message: 'busy' }, { sent: 1, done: 2 });
  const values = valuesOf(requestRow('r1', record, () => undefined));
  expect(values).toMatchObject({
    outcome: 'failed',
    failure_kind: 'http-status',
    http_status: 503,
    failure_message: 'busy',
    sent_at: undefined,
    ttft_ms: undefined,
    e2el_ms: undefined,
    output_tokens: undefined,
  });
});

it('names are snake case, once each, and end with their unit', () => {
  for (const columns of [REQUEST_COLUMNS, SAMPLE_COLUMNS]) {
    const names = columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type } of columns) {
      expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
      if (type === 'double') expect(name).toMatch(/_ms$|_per_second$|^credit$/);
      if (type === 'timestamp') expect(name).toMatch(/_at$/);
    }
  }
});
