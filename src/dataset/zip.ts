/** Files in a ZIP archive: those that are stored or deflated, without encryption, of archives below 4 GB. */
import { isUtf8 } from 'node:buffer';
import { inflateRawSync } from 'node:zlib';
import { messageOf } from '../contract/errors.ts';
import { badRow } from './read.ts';

const END = 0x06054b50;
const END_BYTES = 22;
/** Of the archive's comment, behind which the end is looked for. */
const LONGEST_COMMENT = 0xffff;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const ENCRYPTED = 1;
const UNKNOWN = 0xffffffff;

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

/** An archive's files by name, composed (NFC), with `/` between folders. */
export interface Zip {
  readonly names: readonly string[];
  /** The content; undefined where there is no such file. Throws DSET-DATA-002 for one that is damaged. */
  read(name: string): Buffer | undefined;
}

/** Throws DSET-DATA-002 naming `file` for what is no such archive. */
export function openZip(bytes: Buffer, file: string): Zip {
  const entries = entriesIn(bytes, file);
  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name.normalize('NFC'));
      return entry && contentOf(bytes, entry, `${file}, ${name}`);
    },
  };
}

function entriesIn(bytes: Buffer, file: string): Map<string, Entry> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const isThere =
    end >= Math.max(0, bytes.length - END_BYTES - LONGEST_COMMENT) && end + END_BYTES <= bytes.length;
  if (!isThere || bytes.readUInt32LE(end) !== END) throw badRow(file, 'the file is no ZIP archive');
  const found = new Map<string, Entry>();
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n--) {
    if (at + ENTRY_BYTES > end || bytes.readUInt32LE(at) !== ENTRY)
      throw badRow(file, 'the list of files in the ZIP archive is damaged');
    const [flags, method] = [bytes.readUInt16LE(at + 8), bytes.readUInt16LE(at + 10)];
    const [packed, size, local] = [20, 24, 42].map((offset) => bytes.readUInt32LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const [name, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const text = nameIn(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + name));
    at += ENTRY_BYTES + name + extra + comment;
    if (text.endsWith('/')) continue;
    const isRead = (method === STORED || method === DEFLATED) && (flags & ENCRYPTED) === 0;
    if (!isRead || [packed, size, local].includes(UNKNOWN))
      throw badRow(`${file}, ${text}`, 'it is packed in a way that is not read here');
    found.set(text, { method, packed, size, at: local });
  }
  return found;
}

/** Those who do not say so write UTF-8 too. */
function nameIn(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1').normalize('NFC');
}

function contentOf(bytes: Buffer, { method, packed, size, at }: Entry, where: string): Buffer {
  if (at + LOCAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== LOCAL)
    throw badRow(where, 'the file is not where the ZIP archive says');
  const start = at + LOCAL_BYTES + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const content = unpacked(bytes.subarray(start, start + packed), { method, size }, where);
  if (content.length !== size) throw badRow(where, 'the file in the ZIP archive is damaged');
  return content;
}

function unpacked(bytes: Buffer, { method, size }: Pick<Entry, 'method' | 'size'>, where: string): Buffer {
  if (method === STORED) return bytes;
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw badRow(where, `the file in the ZIP archive is damaged (${messageOf(cause)})`, cause);
  }
}
