import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { requirePlain } from './plain-folder.ts';

function made(): string {
  const folder = mkdtempSync(join(tmpdir(), 'plain-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'run/a/b'), { recursive: true });
  writeFileSync(join(folder, 'run/a/b/file'), '');
  return folder;
}

const refusal = (where: string) => expect.objectContaining({ code: 'RUN-DATA-001', where });

it('files and folders are plain, and a link to the whole is nothing inside of it', () => {
  const folder = made();
  symlinkSync('run', join(folder, 'latest'));
  expect(() => requirePlain(join(folder, 'run'))).not.toThrow();
  expect(() => requirePlain(join(folder, 'latest'))).not.toThrow();
  expect(() => requirePlain(join(folder, 'not there'))).not.toThrow();
});

it.each([
  ['a link to a file', (path: string) => symlinkSync('/etc/passwd', path)],
  ['a link to a folder above', (path: string) => symlinkSync('..', path)],
  ['a link to nothing', (path: string) => symlinkSync('nothing', path)],
  ['a pipe', (path: string) => void execFileSync('mkfifo', [path])],
])('%s is refused by its name', (_, make) => {
  const folder = made();
  const place = join(folder, 'run/a/b/other');
  make(place);
  expect(() => requirePlain(join(folder, 'run'))).toThrow(refusal(place));
});
