import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { filesBelow } from './files-below.ts';

it('lists files of every level, and links without following them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  writeFileSync(join(folder, 'a/b/file.json'), '');
  writeFileSync(join(folder, 'top.json'), '');
  symlinkSync('..', join(folder, 'a/up'));
  symlinkSync('a', join(folder, 'down'));
  expect(filesBelow(folder).sort()).toEqual(['a/b/file.json', 'a/up', 'down', 'top.json']);
});
