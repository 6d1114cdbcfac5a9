/**
 * Files of a prompt as data URLs. Prompts, transcripts and records have the short `file://` form; a file is read when its
 * request is about to be sent, before the request's clock starts, so that reading it is in no latency.
 */

import { open, readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf } from '../contract/errors.ts';
import {
  type CellPiece,
  type ContentPart,
  type FilePiece,
  LARGEST_INLINE_BYTES,
  listMedia,
  type PromptType,
  parsePiece,
  partUrl,
  splitFileUrls,
  withUrl,
} from '../contract/prompt-list.ts';
import type { Failure } from '../contract/record.ts';
import { liesBelow } from '../dataset/locate.ts';
import { type ImageGroup, readImageGroup } from '../dataset/parquet.ts';
import { EventRecorder } from '../transport/event-log.ts';
import type { Clock } from '../transport/types.ts';
import {
  failedTranscript,
  type ModelRequest,
  type RequestResult,
  type SendRequest,
} from './model-request.ts';

/** Base64 that is kept for the next request with the same file, in bytes. */
const KEPT_BYTES = 128 * 2 ** 20;

interface Encoded {
  readonly mime: string;
  readonly base64: string;
}

/** Keeps what was used last, up to so many bytes in all. */
export class BoundedCache<T> {
  readonly #entries = new Map<string, { readonly value: T; readonly bytes: number }>();
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** What is larger than a quarter of the limit is not kept: it would push out too much else. */
  set(key: string, value: T, bytes: number): void {
    if (bytes > this.#limit / 4) return;
    this.#drop(key);
    this.#entries.set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#limit) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#entries.get(key)?.bytes ?? 0;
    this.#entries.delete(key);
  }
}

/** By path, size and time of change: a file that changed is read again. */
const kept = new BoundedCache<Encoded>(KEPT_BYTES);

/** Which files are put into a prompt: all of them, or only what no service could open, frames of videos and pieces of files. */
type Which = 'all' | 'frames';

/**
 * Asks with the prompt's files in it. A service is given what the call says, a local model (`frames`) opens files itself. A
 * file that cannot be read fails its request, which is not sent.
 */
export function withMedia(ask: SendRequest, clock: Clock, most: Which = 'all'): SendRequest {
  return async (call, scheduled) => {
    const which = call.inlinesMedia === true ? most : 'frames';
    if (!listMedia(call.prompt).some((part) => filesOf(part, which) !== undefined))
      return ask(call, scheduled);
    let prompt: PromptType;
    try {
      prompt = await inlineMedia(call.prompt, which, call.mediaRoots);
    } catch (error) {
      return notSent(
        call,
        { kind: 'model-bug', message: `not sent: ${messageOf(error)}` },
        scheduled,
        clock(),
      );
    }
    const answer = await ask({ ...call, prompt }, scheduled);
    return answer && { ...answer, transcript: { ...answer.transcript, prompt: call.prompt } };
  };
}

/**
 * The prompt with its files as data URLs. Rejects with an Error that names the file which cannot be read, is too large, or lies below
 * none of the `roots`: rows may come from anybody, and what a row names is sent away.
 */
export async function inlineMedia(
  prompt: PromptType,
  which: Which,
  roots: readonly string[] = [],
): Promise<PromptType> {
  if (typeof prompt === 'string') return prompt;
  return Promise.all(
    prompt.map(async (message) => {
      const { content } = message;
      if (typeof content === 'string') return message;
      return { ...message, content: await Promise.all(content.map((part) => inlined(part, which, roots))) };
    }),
  );
}

function notSent(call: ModelRequest, failure: Failure, scheduled: number, now: number): RequestResult {
  const times = { scheduled, sent: now, events: new EventRecorder().toLog(), done: now };
  const common = { call: call.ref, attempt: 1, earlier: [], streamed: false };
  return {
    record: { ...common, outcome: 'failed', times, failure },
    transcript: failedTranscript(call, failure),
  };
}

function filesOf(part: ContentPart, which: Which): readonly string[] | undefined {
  if (typeof part['text'] === 'string') return undefined;
  const url = partUrl(part) ?? '';
  const files = splitFileUrls(url);
  if (which === 'all' || files === undefined) return files;
  return files.length > 1 || parsePiece(url) !== undefined ? files : undefined;
}

async function inlined(part: ContentPart, which: Which, roots: readonly string[]): Promise<ContentPart> {
  const files = filesOf(part, which);
  if (files === undefined) return part;
  const encoded = await Promise.all(files.map((file) => encode(file, roots)));
  const isFrames = part.type === 'video_url' && encoded.every(({ mime }) => mime.startsWith('image/'));
  // vLLM's name for a video that is given by its frames, in whatever form these are.
  const mime = isFrames ? 'video/jpeg' : encoded[0]!.mime;
  return withUrl(part, `data:${mime};base64,${encoded.map(({ base64 }) => base64).join(',')}`);
}

async function encode(url: string, roots: readonly string[]): Promise<Encoded> {
  const path = pathOf(url);
  try {
    if (!(await liesBelow(path, roots))) throw new Error(OUTSIDE);
    const found = await stat(path);
    if (!found.isFile()) throw new Error('it is no file');
    const piece = parsePiece(url);
    const version = `${found.size}\0${found.mtimeMs}`;
    const key = `${url}\0${version}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const encoded = await (piece === undefined
      ? encodeFile(path, found.size)
      : encodePiece(path, version, piece));
    kept.set(key, encoded, encoded.base64.length);
    return encoded;
  } catch (cause) {
    throw new Error(`${path} cannot be put into the request: ${messageOf(cause)}`, { cause });
  }
}

async function encodeFile(path: string, size: number): Promise<Encoded> {
  checkSize(size);
  return encodeBytes(await readFile(path), path);
}

/** The groups of rows that were read last, of which the next images will be. */
const groups: { readonly key: string; readonly group: ImageGroup }[] = [];
const KEPT_GROUPS = 2;

/** Groups are read one after the other: each has all its images in memory. */
let lastCell: Promise<unknown> = Promise.resolve();

async function cellOf(path: string, version: string, piece: CellPiece): Promise<Uint8Array> {
  const key = `${path}\0${version}\0${piece.column}`;
  const kept = groups.find((one) => one.key === key && one.group.images[piece.row - one.group.first]);
  const group = kept?.group ?? (await readImageGroup(path, piece));
  if (kept === undefined && groups.unshift({ key, group }) > KEPT_GROUPS) groups.pop();
  const bytes = group.images[piece.row - group.first];
  if (bytes === undefined) throw new Error(`row ${piece.row + 1} has no image in '${piece.column}'`);
  checkSize(bytes.length);
  return bytes;
}

/** `version` changes when the file does. */
async function encodePiece(path: string, version: string, piece: FilePiece): Promise<Encoded> {
  if ('column' in piece) {
    const cell = lastCell.then(() => cellOf(path, version, piece));
    lastCell = cell.catch(() => undefined);
    const bytes = await cell;
    return encodeBytes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), path);
  }
  const length = piece.to - piece.from;
  checkSize(length);
  const handle = await open(path);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, piece.from);
    if (bytesRead < length) throw new Error(`it ends before byte ${piece.to}`);
    const base64 = buffer.toString('latin1');
    return { mime: mimeOf(Buffer.from(base64.slice(0, HEAD), 'base64'), ''), base64 };
  } finally {
    await handle.close();
  }
}

/** Characters of base64 that show the format of an image. */
const HEAD = 64;

function encodeBytes(bytes: Buffer, path: string): Encoded {
  return { mime: mimeOf(bytes, path), base64: bytes.toString('base64') };
}

function checkSize(bytes: number): void {
  if (bytes > LARGEST_INLINE_BYTES)
    throw new Error(`it has ${bytes} bytes, and ${LARGEST_INLINE_BYTES} at most go into a request`);
}

/** Shown behind the file's path. */
const OUTSIDE =
  'it lies outside of the folder of the data; media_root names another one (docs/multimodal.md)';

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new Error(`${url} names no file: ${messageOf(cause)}`, { cause });
  }
}

/** First bytes of the formats, as Latin-1; `.` is any byte. */
const SIGNATURES: readonly (readonly [RegExp, string])[] = [
  [/^\x89PNG\r\n\x1a\n/, 'image/png'],
  [/^\xff\xd8\xff/, 'image/jpeg'],
  [/^GIF8[79]a/, 'image/gif'],
  [/^RIFF....WEBP/s, 'image/webp'],
  [/^BM/, 'image/bmp'],
  [/^RIFF....WAVE/s, 'audio/wav'],
  [/^RIFF....AVI /s, 'video/x-msvideo'],
  [/^fLaC/, 'audio/flac'],
  [/^OggS/, 'audio/ogg'],
  [/^ID3/, 'audio/mpeg'],
  [/^\xff[\xe2-\xff]/, 'audio/mpeg'],
  [/^....ftypM4A/s, 'audio/mp4'],
  [/^....ftypqt/s, 'video/quicktime'],
  [/^....ftyp/s, 'video/mp4'],
  [/^\x1aE\xdf\xa3/, 'video/webm'],
];

const BY_EXTENSION: Readonly<Record<string, string>> = {
  '.mkv': 'video/x-matroska',
  '.svg': 'image/svg+xml',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.mpg': 'video/mpeg',
  '.mpeg': 'video/mpeg',
};

/** Returns the type of a file: by its extension where that says more than the bytes, else by its first bytes. */
export function mimeOf(bytes: Buffer, path: string): string {
  const start = bytes.toString('latin1', 0, 16);
  const told = BY_EXTENSION[extname(path).toLowerCase()];
  return told ?? SIGNATURES.find(([form]) => form.test(start))?.[1] ?? 'application/octet-stream';
}
