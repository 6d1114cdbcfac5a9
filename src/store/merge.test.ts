import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergeLeft, mergeLines } from './merge.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ais-bench-merge-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function merged(parts: readonly (string | undefined)[], before?: string): string {
  const target = join(folder, 'all.jsonl');
  if (before !== undefined) writeFileSync(target, before);
  const paths = parts.map((content, n) => {
    const path = join(folder, `part${n}.jsonl`);
    if (content !== undefined) writeFileSync(path, content);
    return path;
  });
  mergeLines(target, paths);
  expect(paths.filter(existsSync)).toEqual([]);
  return readFileSync(target, 'utf8');
}

describe('mergeLines', () => {
  it('appends whole lines in the order of the files, and removes these', () => {
    expect(merged(['a\nb\n', undefined, '', 'c\nhalf a li'], 'before\ncut')).toBe('before\na\nb\nc\n');
  });

  it('goes through files of any length', () => {
    const long = `${'€'.repeat(1000)}\n`.repeat(1500);
    expect(merged([long, long])).toBe(long + long);
  });

  it('says where it cannot write', () => {
    const target = join(folder, 'none', 'all.jsonl');
    expect(() => mergeLines(target, [])).toThrow(
      expect.objectContaining({ code: 'RUN-FILE-001', where: target }),
    );
  });
});

describe('mergeLeft', () => {
  const write = (name: string, content: string) => writeFileSync(join(folder, name), content);

  it('takes what load workers left, and no other file', () => {
    write('data.jsonl', 'a\n');
    write('data.w2.jsonl', 'c\n');
    write('data.w10.jsonl', 'd\nhalf');
    write('data.w1.jsonl', 'b\n');
    for (const other of ['data.w.jsonl', 'data.wide.jsonl', 'data2.w1.jsonl']) write(other, 'x\n');
    mergeLeft(join(folder, 'data.jsonl'));
    expect(readFileSync(join(folder, 'data.jsonl'), 'utf8')).toBe('a\nb\nc\nd\n');
    expect(readdirSync(folder).sort()).toEqual([
      'data.jsonl',
      'data.w.jsonl',
      'data.wide.jsonl',
      'data2.w1.jsonl',
    ]);
  });

  it('makes nothing where they left nothing', () => {
    mergeLeft(join(folder, 'data.jsonl'));
    mergeLeft(join(folder, 'none', 'data.jsonl'));
    expect(readdirSync(folder)).toEqual([]);
  });
});
