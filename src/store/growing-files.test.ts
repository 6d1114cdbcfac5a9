import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { appendPiece, readPiece, workerFiles, workerOf } from './growing-files.ts';

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-pieces-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const PATH = 'performances/m/d_records.w2.jsonl';

describe('files of load workers', () => {
  it.each([
    [PATH, 2],
    ['performances/m/d_client.w12.json', 12],
    ['predictions/m/d.w1.jsonl', 1],
    ['predictions/m/d.jsonl', undefined],
    ['predictions/m/d.w0.jsonl', undefined],
    ['predictions/../d.w1.jsonl', undefined],
    ['performances/m/n/d.w1.jsonl', undefined],
    ['../performances/m/d.w1.jsonl', undefined],
    ['/etc/m/d.w1.jsonl', undefined],
    ['configs/m/d.w1.json', undefined],
  ])('%s', (path, worker) => {
    expect(workerOf(path)).toBe(worker);
  });

  it('are found below the folder of a run, with their lengths', () => {
    const folder = emptyFolder();
    expect(workerFiles(join(folder, 'none'))).toEqual([]);
    mkdirSync(join(folder, 'performances/m'), { recursive: true });
    writeFileSync(join(folder, PATH), 'four\n');
    writeFileSync(join(folder, 'performances/m/d_end.json'), '{}');
    expect(workerFiles(folder)).toEqual([{ path: PATH, size: 5 }]);
  });
});

describe('pieces of a file', () => {
  it('are whole lines while it grows, and its rest at the end', () => {
    const path = join(emptyFolder(), 'x');
    writeFileSync(path, 'one\ntwo\nhal');
    const read = (offset: number, most: number, isWhole = false) =>
      readPiece(path, offset, most, isWhole).toString();
    expect([read(0, 100), read(8, 100), read(0, 6)]).toEqual(['one\ntwo\n', '', 'one\n']);
    expect([read(0, 6, true), read(0, 100, true), read(8, 100, true)]).toEqual([
      'one\n',
      'one\ntwo\nhal',
      'hal',
    ]);
    appendFileSync(path, 'f\n');
    expect(read(8, 100)).toBe('half\n');
    // A line that is longer than a piece.
    expect([read(0, 2), read(2, 2)]).toEqual(['on', 'e\n']);
  });

  it('make the same file on the other side, whatever is sent twice and however it grew', () => {
    const lines = fc.array(fc.string({ maxLength: 30 }), { minLength: 1, maxLength: 20 });
    const sizes = fc.infiniteStream(fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(lines, sizes, fc.infiniteStream(fc.nat(2)), (texts, most, repeats) => {
        const folder = mkdtempSync(join(tmpdir(), 'ais-bench-pieces-'));
        const source = join(folder, 'source');
        writeFileSync(source, '');
        let offset = 0;
        const copy = (isWhole: boolean) => {
          const piece = readPiece(source, offset, most.next().value, isWhole);
          for (let n = repeats.next().value; n >= 0; n--) {
            if (piece.length > 0) appendPiece(folder, PATH, offset, piece);
          }
          offset += piece.length;
          return piece.length;
        };
        for (const text of texts) {
          appendFileSync(source, `${JSON.stringify(text)}\n`);
          copy(false);
        }
        while (copy(true) > 0);
        expect(readFileSync(join(folder, PATH), 'utf8')).toBe(readFileSync(source, 'utf8'));
        rmSync(folder, { recursive: true });
      }),
      { numRuns: 60 },
    );
  });

  it('that leave a gap are no part of a file', () => {
    const folder = emptyFolder();
    expect(appendPiece(folder, PATH, 0, Buffer.from('ab'))).toBe(2);
    expect(() => appendPiece(folder, PATH, 3, Buffer.from('d'))).toThrow(/bytes 2 to 3 never arrived/);
    expect(appendPiece(folder, PATH, 1, Buffer.from('bc'))).toBe(3);
    expect(appendPiece(folder, PATH, 0, Buffer.from('a'))).toBe(3);
    expect(readFileSync(join(folder, PATH), 'utf8')).toBe('abc');
  });
});
