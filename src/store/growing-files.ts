/** Files of a run that grow on one host and are copied to another, piece by piece. */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { filesBelow } from '../basics/files-below.ts';
import { AisBenchError } from '../contract/errors.ts';
import { makeFolders, unwritable } from './append.ts';

const LINE_FEED = 10;

/** Returns the number of the worker that wrote a file: `performances/m/d_records.w3.jsonl` → 3; undefined for what no worker writes. */
export function workerOf(path: string): number | undefined {
  const number = /^(?:performances|predictions)\/(?!\.\.?\/)[^/]+\/[^/]+\.w([1-9]\d*)\.jsonl?$/.exec(
    path,
  )?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Lists what workers have written below a run's folder: paths with `/`, and bytes. */
export function workerFiles(folder: string): { readonly path: string; readonly size: number }[] {
  if (!existsSync(folder)) return [];
  return filesBelow(folder)
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => workerOf(path) !== undefined)
    .map((path) => ({ path, size: statSync(join(folder, path)).size }));
}

/**
 * Up to `most` bytes of a file from an offset on: whole lines where a line ends in them, else all of them. `isWhole`: to the end
 * of the file, wherever that is. Empty where nothing is there yet.
 */
export function readPiece(path: string, offset: number, most: number, isWhole: boolean): Buffer {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const block = Buffer.alloc(Math.max(0, Math.min(most, size - offset)));
    const read = block.subarray(0, readSync(fd, block, 0, block.length, offset));
    if (isWhole && offset + read.length === size) return read;
    const lines = read.subarray(0, read.lastIndexOf(LINE_FEED) + 1);
    // A line that is longer than a piece travels in several.
    return lines.length === 0 && read.length === most ? read : lines;
  } finally {
    closeSync(fd);
  }
}

/**
 * Appends a piece that begins at `offset` to a file of the run's folder, and returns how long the file is: one that is there already
 * is dropped. Throws RUN-DATA-001 where a piece before it is missing, RUN-FILE-001 where it cannot be written.
 */
export function appendPiece(folder: string, path: string, offset: number, piece: Uint8Array): number {
  const target = join(folder, path);
  let fd: number | undefined;
  try {
    makeFolders(dirname(target));
    fd = openSync(target, 'a+');
    const { size } = fstatSync(fd);
    if (offset > size) throw missingPiece(target, size, offset);
    const rest = piece.subarray(size - offset);
    for (let written = 0; written < rest.length; ) written += writeSync(fd, rest, written);
    return Math.max(size, offset + piece.length);
  } catch (cause) {
    throw cause instanceof AisBenchError ? cause : unwritable(target, cause);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function missingPiece(where: string, size: number, offset: number): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `bytes ${size} to ${offset} never arrived from the worker`, {
    where,
    cure: 'look whether the NATS server still has its storage; run it again',
  });
}

/** Removes what a worker wrote for a run that has ended. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Names the host too: containers may share a folder for temporary files, and count their processes from 1 each. */
const BEGIN = `ais-bench-worker-${hostname()}-`;

/** Makes a folder for the files that the processes of a remote worker write in a run. Throws what the file system says. */
export function newWorkerFolder(): string {
  return mkdtempSync(join(tmpdir(), `${BEGIN}${process.pid}-`));
}

/** Removes the folders of killed workers of this host. */
export function removeLeftFolders(): void {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(BEGIN)) continue;
    const pid = Number(/^(\d+)-/.exec(name.slice(BEGIN.length))?.[1]);
    if (pid > 0 && !isThere(pid)) removeFolder(join(tmpdir(), name));
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    // A process of another user is there.
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
