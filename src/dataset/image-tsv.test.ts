import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emptyFolder } from '../../test/e2e/support.ts';
import { textOfField, tsvRecords } from './image-tsv.ts';

async function read(file: string): Promise<{ line: number; cells: string[]; at: number[] }[]> {
  const records = [];
  for await (const { fields, where } of tsvRecords(file)) {
    const cells = fields.map((field) => textOfField(field, where));
    records.push({ line: Number(where.split(':').at(-1)), cells, at: fields.map(({ at }) => at) });
  }
  return records;
}

function written(text: string | Buffer): string {
  const file = join(emptyFolder(), 'rows.tsv');
  writeFileSync(file, text);
  return file;
}

/** As pandas and Python's csv module quote: only what has to be. */
const quoted = (cell: string) => (/[\t"\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const cells = fc.string({ unit: fc.constantFrom('a', 'é', '"', '\t', '\n', ' ', ',', '𝄞') });

it('gives back what was written, and says where each field lies', async () => {
  const rows = fc.array(fc.array(cells, { minLength: 2, maxLength: 3 }), { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(rows, fc.constantFrom('\n', '\r\n'), fc.boolean(), async (wanted, end, hasMark) => {
      const lines = wanted.map((row) => row.map(quoted).join('\t'));
      const bytes = Buffer.from(`${hasMark ? '\ufeff' : ''}${lines.join(end)}${end}`);
      const records = await read(written(bytes));
      expect(records.map((record) => record.cells)).toEqual(wanted);
      for (const { cells: own, at } of records) {
        own.forEach((cell, i) => {
          const raw = Buffer.from(cell.replaceAll('"', quoted(cell) === cell ? '"' : '""'));
          expect(bytes.subarray(at[i]!, at[i]! + raw.length)).toEqual(raw);
        });
      }
    }),
    { numRuns: 100 },
  );
});

it("reads what Python's csv module writes", async () => {
  const script = `
import csv, json, sys
csv.writer(sys.stdout, delimiter='\\t', lineterminator='\\n').writerows(json.load(sys.stdin))`;
  const rows = [
    ['index', 'question'],
    ['1', 'a "b"\n\tc'],
    ['2', '"'],
    ['3', ''],
    ['4', "it's"],
  ];
  const text = execFileSync('python3', ['-c', script], { input: JSON.stringify(rows), encoding: 'utf8' });
  const records = await read(written(text));
  expect(records.map((record) => record.cells)).toEqual(rows);
  expect(records.map(({ line }) => line)).toEqual([1, 2, 4, 5, 6]);
});

it('reads records that are longer than what is read at a time', async () => {
  const long = 'QUJD'.repeat(3 * 2 ** 20);
  const records = await read(written(`a\tb\n1\t${long}\n2\t"x\n${long}"\n3\t${long}`));
  const wanted = [
    ['a', 'b'],
    ['1', long],
    ['2', `x\n${long}`],
    ['3', long],
  ];
  expect(records.map((record) => record.cells.map((cell) => cell.length))).toEqual(
    wanted.map((row) => row.map((cell) => cell.length)),
  );
  expect(records.every((record, i) => record.cells.every((cell, j) => cell === wanted[i]![j]))).toBe(true);
  expect(records[3]!.at[1]).toBe(4 + 2 + long.length + 1 + 2 + 1 + 2 + long.length + 2 + 2);
});

it.each([
  ['a\tb\n1\t"x', /rows\.tsv:2/, /not closed/],
  ['a\tb\n\n1\t"x"y\n', /rows\.tsv:3/, /behind a quoted field/],
])('names the line of %j', async (text, where, why) => {
  await expect(read(written(text))).rejects.toMatchObject({
    code: 'DSET-DATA-002',
    where: expect.stringMatching(where),
    message: expect.stringMatching(why),
  });
});

it('refuses other bytes than UTF-8, and a file that is not there', async () => {
  await expect(read(written(Buffer.from('a\xff\tb\n', 'latin1')))).rejects.toMatchObject({
    code: 'DSET-DATA-002',
  });
  await expect(read('/no/such.tsv')).rejects.toMatchObject({ code: 'DSET-FILE-001' });
});
