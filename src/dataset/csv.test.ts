import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCsv, readCsvRecords } from './csv.ts';

const parse = (text: string) => parseCsv(text, 'x.csv');
const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

describe('CSV', () => {
  it('gives back what was written, whatever the fields hold and the lines end with', () => {
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é', '') });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(field, field, field)),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        (records, end, endsWithBreak) => {
          const lines = [['x', 'y', 'z'], ...records].map((fields) => fields.map(quoted).join(','));
          const text = lines.join(end) + (endsWithBreak ? end : '');
          expect(parse(text)).toEqual(records.map(([x, y, z]) => ({ x, y, z })));
        },
      ),
    );
  });

  it('takes plain fields as they are and leaves blank lines out', () => {
    expect(parse('question, answer\n\n 2+2? ,4\n\na "b" c,\n')).toEqual([
      { question: ' 2+2? ', answer: '4' },
      { question: 'a "b" c', answer: '' },
    ]);
    expect(parse('')).toEqual([]);
    expect(parse('a,b\n1,')).toEqual([{ a: '1', b: '' }]);
  });

  it.each([
    ['a,b\n1\n', 'x.csv:2', /1 fields/],
    ['a,b\n"x\ny",2\n1,2,3', 'x.csv:4', /3 fields/],
    ['a\n"open', 'x.csv:2', /not closed/],
    ['a\n"x"y\n', 'x.csv:2', /not closed, or text/],
    ['a,a\n1,2\n', 'x.csv:1', /two columns/],
  ])('refuses %j at %s', (text, where, why) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'DSET-DATA-002', where }));
    expect(() => parse(text)).toThrow(why);
  });
});

describe('records by place', () => {
  const folder = mkdtempSync(join(tmpdir(), 'csv-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('have no header, and line breaks as Python’s text files have them', async () => {
    writeFileSync(join(folder, 'x.csv'), '\ufeff1,"a\r\nb\rc"\r\n\r\n,2');
    expect(await readCsvRecords(join(folder, 'x.csv'))).toEqual([
      { fields: ['1', 'a\nb\nc'], line: 1 },
      { fields: ['', '2'], line: 5 },
    ]);
  });
});
