import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer';
import { expect, it } from 'vitest';
import { emptyFolder } from '../../test/e2e/support.ts';
import { readParquet } from './parquet.ts';

type Options = Partial<Parameters<typeof parquetWriteBuffer>[0]>;

function written(columnData: ColumnSource[], options: Options = {}): string {
  const file = join(emptyFolder(), 'rows.parquet');
  writeFileSync(file, new Uint8Array(parquetWriteBuffer({ columnData, ...options })));
  return file;
}

const read = (file: string) => readParquet(file, (row) => row);

const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

it('gives back what was written; a null is no column of its row', async () => {
  const rows = fc.array(
    fc.record({
      question: fc.string({ unit: 'grapheme' }),
      answer: nullable(fc.string({ unit: 'grapheme' })),
      whole: nullable(fc.maxSafeInteger()),
      double: nullable(fc.double({ noNaN: true, noDefaultInfinity: true })),
      flag: nullable(fc.boolean()),
      meta: nullable(fc.record({ tags: fc.array(fc.string()), level: fc.integer() })),
    }),
    { minLength: 1 },
  );
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('SNAPPY', 'UNCOMPRESSED', 'GZIP'), async (wanted, codec) => {
      const column = (name: keyof (typeof wanted)[number]) => wanted.map((row) => row[name]);
      const file = written(
        [
          { name: 'question', data: column('question') as string[], type: 'STRING' },
          { name: 'answer', data: column('answer') as string[], type: 'STRING' },
          {
            name: 'whole',
            data: wanted.map(({ whole }) => (whole === null ? null : BigInt(whole))) as bigint[],
            type: 'INT64',
          },
          { name: 'double', data: column('double') as number[], type: 'DOUBLE' },
          { name: 'flag', data: column('flag') as boolean[], type: 'BOOLEAN' },
          { name: 'meta', data: column('meta') as object[], type: 'JSON' },
        ],
        { codec, compressors: { GZIP: (bytes) => new Uint8Array(gzipSync(bytes)) } },
      );
      const present = wanted.map((row) =>
        Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)),
      );
      expect(await read(file)).toEqual(present);
    }),
    { numRuns: 30 },
  );
});

it('makes of every value what JSON has', async () => {
  const file = written([
    { name: 'large', data: [2n ** 60n], type: 'INT64' },
    { name: 'at', data: [new Date('2026-01-05T07:08:09Z')], type: 'TIMESTAMP' },
    { name: 'text', data: [new TextEncoder().encode('é')], type: 'BYTE_ARRAY' },
    { name: 'bytes', data: [Uint8Array.of(255, 0)], type: 'BYTE_ARRAY' },
  ]);
  expect(await read(file)).toEqual([
    { large: '1152921504606846976', at: '2026-01-05T07:08:09.000Z', text: 'é', bytes: '/wA=' },
  ]);
});

it('hands each row and its place to the converter', async () => {
  const file = written([{ name: 'a', data: ['x', 'y'], type: 'STRING' }]);
  expect(await readParquet(file, (_, where) => where.slice(-5))).toEqual(['row 1', 'row 2']);
});

it('refuses what is no Parquet file, or a damaged one, with one error that names it', async () => {
  const whole = new Uint8Array(
    parquetWriteBuffer({
      columnData: [{ name: 'a', data: Array.from({ length: 40 }, (_, n) => `text ${n}`), type: 'STRING' }],
    }),
  );
  const file = join(emptyFolder(), 'rows.parquet');
  const isClear = async (bytes: Uint8Array) => {
    writeFileSync(file, bytes);
    await expect(read(file)).rejects.toMatchObject({ code: 'DSET-DATA-002', where: file });
  };
  for (const text of ['', 'PAR1', '{"a":1}\n', 'PAR1 and something PAR1']) await isClear(Buffer.from(text));
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: whole.length - 1 }), (length) => isClear(whole.slice(0, length))),
    { numRuns: 60 },
  );
});
