import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, makeFolders } from './append.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-folders-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('makeFolders', () => {
  it('makes every level, and is content with what is there', () => {
    const deep = join(folder, 'a', 'b', 'c');
    makeFolders(deep);
    makeFolders(deep);
    expect(statSync(deep).isDirectory()).toBe(true);
  });

  it('throws where a file is in the way', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => makeFolders(join(folder, 'file', 'below'))).toThrow(/ENOTDIR/);
  });

  it.runIf(existsSync('/proc/self'))('throws below /proc, where a recursive mkdir never returns', () => {
    expect(() => makeFolders('/proc/ais-bench-test/deeper')).toThrow(/ENOENT/);
  });
});

describe('makeFolder', () => {
  it('tells whether the folder is new', () => {
    expect(makeFolder(join(folder, 'new'))).toBe(true);
    expect(makeFolder(join(folder, 'new'))).toBe(false);
  });
});
