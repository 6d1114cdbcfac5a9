import { closeSync, existsSync, openSync, readdirSync, readSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { cutHalfLine, unwritable } from './append.ts';

const BLOCK = 1024 * 1024;

/** Appends files of lines to one, in their order, and removes them; half a line that a crash left at an end is dropped. */
export function mergeLines(target: string, parts: readonly string[]): void {
  try {
    const fd = openSync(target, 'a+');
    try {
      cutHalfLine(fd);
      for (const part of parts) if (existsSync(part)) appendFile(fd, part);
    } finally {
      closeSync(fd);
    }
    for (const part of parts) rmSync(part, { force: true });
  } catch (cause) {
    throw unwritable(target, cause);
  }
}

/** Merges what load workers left beside `x.jsonl` when their run was killed: `x.w1.jsonl`, `x.w2.jsonl`, … */
export function mergeLeft(target: string): void {
  const [folder, name] = [dirname(target), basename(target, '.jsonl')];
  const isPart = (file: string) =>
    file.startsWith(`${name}.w`) && /^\.w\d+\.jsonl$/.test(file.slice(name.length));
  const parts = (existsSync(folder) ? readdirSync(folder) : []).filter(isPart);
  const byWorker = parts.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  if (parts.length > 0)
    mergeLines(
      target,
      byWorker.map((file) => join(folder, file)),
    );
}

function appendFile(target: number, path: string): void {
  const fd = openSync(path, 'r+');
  try {
    cutHalfLine(fd);
    const block = Buffer.alloc(BLOCK);
    for (let read = readSync(fd, block); read > 0; read = readSync(fd, block)) {
      for (let written = 0; written < read; ) written += writeSync(target, block, written, read - written);
    }
  } finally {
    closeSync(fd);
  }
}
