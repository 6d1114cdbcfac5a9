import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseJsonl, readJsonl } from './read.ts';

const row = fc.dictionary(
  fc.string().filter((key) => key !== '__proto__'),
  fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)),
);

describe('parseJsonl', () => {
  it('gives back what was written, whatever the line ends and blank lines', () => {
    const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n', '\r\n  \r\n');
    fc.assert(
      fc.property(fc.array(fc.tuple(row, lineEnd)), (lines) => {
        const text = lines.map(([value, end]) => JSON.stringify(value) + end).join('');
        expect(parseJsonl(text, 'rows.jsonl')).toEqual(lines.map(([value]) => value));
      }),
    );
  });

  it('keeps line separators inside a text', () => {
    expect(parseJsonl('{"a":"x\u2028y\u0085z"}', 'f')).toEqual([{ a: 'x\u2028y\u0085z' }]);
  });

  it.each([
    ['{"a":1}\n\n{"a":', 'f:3', 'not JSON'],
    ['[1]', 'f:1', 'not an object'],
    ['null', 'f:1', 'not an object'],
    ['{"a":NaN}', 'f:1', 'not JSON'],
  ])('refuses %j at %s', (text, where, why) => {
    expect(() => parseJsonl(text, 'f')).toThrow(
      expect.objectContaining({ code: 'DSET-DATA-002', where, message: expect.stringContaining(why) }),
    );
  });

  it('refuses or reads any text, and nothing in between', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseJsonl(text, 'f');
        } catch (error) {
          expect(error).toMatchObject({ code: 'DSET-DATA-002' });
        }
      }),
    );
  });

  it('hands each row and its place to the converter', () => {
    expect(parseJsonl('\n{"a":1}', 'f', (value, where) => ({ ...value, where }))).toEqual([
      { a: 1, where: 'f:2' },
    ]);
  });
});

describe('readJsonl', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'read-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads UTF-8 with a byte order mark', async () => {
    const file = join(folder, 'bom.jsonl');
    await writeFile(file, '\ufeff{"q":"é你😀"}\r\n');
    expect(await readJsonl(file)).toEqual([{ q: 'é你😀' }]);
  });

  it('names the line whose bytes are not UTF-8', async () => {
    const file = join(folder, 'latin1.jsonl');
    await writeFile(file, Buffer.from('{"q":"a"}\n{"q":"\xe9"}\n', 'latin1'));
    await expect(readJsonl(file)).rejects.toMatchObject({ code: 'DSET-DATA-002', where: `${file}:2` });
  });

  it('says which file cannot be read', async () => {
    const file = join(folder, 'none.jsonl');
    await expect(readJsonl(file)).rejects.toMatchObject({ code: 'DSET-FILE-001', where: file });
  });
});
