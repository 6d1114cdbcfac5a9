/**
 * TSV files of questions about images, in the form of VLMEvalKit: the column `image` holds base64, a list of such, or the `index` of the
 * row that has the same image. Images stay where they are: a row has the URLs of these pieces of the file.
 */
import { isUtf8 } from 'node:buffer';
import { pathToFileURL } from 'node:url';
import { plural } from '../basics/plural.ts';
import { pieceUrl } from '../contract/prompt-list.ts';
import { badRow, readChunks } from './read.ts';

// TSV as pandas writes it, a record at a time: files of images in base64 are larger than a string of V8 may be. A field that holds a
// tab, a quote or a line break is in double quotes, the quotes in it doubled.

/** A field, without the quotes around it. */
interface TsvField {
  /** As the file has it: quotes inside of a quoted field are doubled. Only good until the next record is read. */
  readonly bytes: Buffer;
  /** Where `bytes` begins in the file. */
  readonly at: number;
  readonly isQuoted: boolean;
}

interface TsvRecord {
  readonly fields: readonly TsvField[];
  /** `file:line`, where it begins. */
  readonly where: string;
}

/**
 * The records of a TSV file, the header among them; blank lines are left out. Throws DSET-FILE-001, DSET-DATA-002 for a quoted field
 * that is not closed, or goes on behind its quote.
 */
export async function* tsvRecords(file: string): AsyncGenerator<TsvRecord> {
  let rest: Buffer = Buffer.alloc(0);
  let [at, line] = [0, 1];
  for await (const { bytes, isLast } of piecesOf(file)) {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let from = at === 0 && rest.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
    for (;;) {
      const where = `${file}:${line}`;
      const found = recordAt(rest, from, isLast, where);
      if (found === undefined) break;
      const fields = found.spans.map(([start, stop, isQuoted]) => ({
        bytes: rest.subarray(start, stop),
        at: at + start,
        isQuoted,
      }));
      if (fields.length > 1 || fields[0]!.bytes.length > 0 || fields[0]!.isQuoted) yield { fields, where };
      line += countLines(rest, from, found.end);
      from = found.end;
    }
    at += from;
    rest = rest.subarray(from);
    if (rest.length > LONGEST_RECORD)
      throw badRow(
        `${file}:${line}`,
        `a record goes on for ${LONGEST_RECORD} bytes: a quoted field is not closed`,
      );
  }
}

/** A file piece by piece, and an empty last one. */
async function* piecesOf(file: string): AsyncGenerator<{ readonly bytes: Buffer; readonly isLast: boolean }> {
  for await (const bytes of readChunks(file)) yield { bytes, isLast: false };
  yield { bytes: Buffer.alloc(0), isLast: true };
}

/** The text of a field. Throws DSET-DATA-002 naming `where` for other bytes than UTF-8. */
export function textOfField({ bytes, isQuoted }: TsvField, where: string): string {
  if (!isUtf8(bytes)) throw badRow(where, 'its bytes are not UTF-8');
  const text = bytes.toString('utf8');
  return isQuoted ? text.replaceAll('""', '"') : text;
}

/** No row has so many bytes: where a quote is not closed the rest of a file is not read for it. */
const LONGEST_RECORD = 2 ** 28;

const BYTE_ORDER_MARK = Buffer.from('\ufeff');
const [TAB, LINE_FEED, RETURN, QUOTE] = [9, 10, 13, 34] as const;

type FieldSpan = readonly [start: number, end: number, isQuoted: boolean];

/** The fields of the record that begins at `from`, and where the next one does; undefined where the bytes end before. */
function recordAt(
  bytes: Buffer,
  from: number,
  isLast: boolean,
  where: string,
): { readonly spans: readonly FieldSpan[]; readonly end: number } | undefined {
  if (from >= bytes.length) return undefined;
  const spans: FieldSpan[] = [];
  let lineEnd = -1;
  for (let start = from; ; ) {
    const isQuoted = bytes[start] === QUOTE;
    let stop: number;
    if (isQuoted) {
      const close = closingQuote(bytes, start + 1);
      if (close === undefined || (close + 1 >= bytes.length && !isLast)) {
        if (!isLast) return undefined;
        throw badRow(where, 'a quoted field is not closed');
      }
      spans.push([start + 1, close, true]);
      stop = bytes[close + 1] === RETURN ? close + 2 : close + 1;
    } else {
      if (lineEnd < start) lineEnd = indexOrEnd(bytes, LINE_FEED, start);
      const tab = bytes.subarray(start, lineEnd).indexOf(TAB);
      stop = tab === -1 ? lineEnd : start + tab;
      if (stop === bytes.length && !isLast) return undefined;
      spans.push([start, tab === -1 && bytes[stop - 1] === RETURN && stop > start ? stop - 1 : stop, false]);
    }
    if (stop >= bytes.length) return isLast ? { spans, end: bytes.length } : undefined;
    if (bytes[stop] === LINE_FEED) return { spans, end: stop + 1 };
    if (bytes[stop] !== TAB) throw badRow(where, 'text stands behind a quoted field');
    start = stop + 1;
  }
}

/** The first quote that is not one of a pair. */
function closingQuote(bytes: Buffer, from: number): number | undefined {
  for (let at = from; ; at += 2) {
    at = bytes.indexOf(QUOTE, at);
    if (at === -1) return undefined;
    if (bytes[at + 1] !== QUOTE) return at;
  }
}

function indexOrEnd(bytes: Buffer, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from);
  return found === -1 ? bytes.length : found;
}

function countLines(bytes: Buffer, from: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED, from); at !== -1 && at < end; at = bytes.indexOf(LINE_FEED, at + 1))
    count++;
  return count;
}

/** A row that has an image. */
export interface ImageRow {
  /** The other columns; those that are empty in the row are not there. */
  readonly row: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  /** `file:line`, for errors. */
  readonly where: string;
}

interface ImageRows {
  readonly rows: readonly ImageRow[];
  /** What a person should know of them. */
  readonly notes: readonly string[];
}

/** No base64 of an image is so short: what is there is the `index` of another row. */
const LONGEST_INDEX = 64;

/**
 * The rows of a file, row by row, never as a whole in memory; those without an image are left out, as VLMEvalKit and AISBench do, and
 * a note says how many.
 * Throws DSET-FILE-001, DSET-DATA-002.
 */
export async function readImageTsv(file: string): Promise<ImageRows> {
  const url = pathToFileURL(file).href;
  const rows: ReadImageRow[] = [];
  let columns: readonly string[] | undefined;
  let left = 0;
  for await (const { fields, where } of tsvRecords(file)) {
    if (columns === undefined) {
      columns = fields.map((field) => textOfField(field, where).trim());
      for (const name of ['index', 'image'])
        if (!columns.includes(name)) throw badRow(where, `the header names no column '${name}'`);
      continue;
    }
    const found = toFound(columns, fields, url, where);
    if (found === undefined) left++;
    else rows.push(found);
  }
  if (rows.length === 0) throw badRow(file, 'the file holds no rows with images');
  const byIndex = new Map(rows.map((found) => [found.row['index']!, found]));
  return {
    rows: rows.map(({ row, where, image }) => ({ row, where, images: imagesOf(image, byIndex, where) })),
    notes:
      left === 0
        ? []
        : [`${plural(left, 'row')} of ${file} without an image ${left === 1 ? 'is' : 'are'} not asked`],
  };
}

interface ReadImageRow {
  readonly row: Readonly<Record<string, string>>;
  readonly where: string;
  /** Its images, or the index of the row that has them. */
  readonly image: readonly string[] | string;
}

function toFound(
  columns: readonly string[],
  fields: readonly TsvField[],
  url: string,
  where: string,
): ReadImageRow | undefined {
  if (fields.length !== columns.length)
    throw badRow(where, `it has ${fields.length} fields, and the header names ${columns.length} columns`);
  const image = fields[columns.indexOf('image')]!;
  if (image.bytes.length === 0) return undefined;
  const others = columns.flatMap((name, i) => {
    const field = fields[i]!;
    return name === 'image' || field.bytes.length === 0 ? [] : [[name, textOfField(field, where)] as const];
  });
  const row = Object.fromEntries(others);
  if (row['index'] === undefined) throw badRow(where, 'it has no index');
  return { row, where, image: imageOf(image, url, where) };
}

function imageOf({ bytes, at }: TsvField, url: string, where: string): readonly string[] | string {
  if (bytes.length <= LONGEST_INDEX) return bytes.toString('latin1').trim();
  const text = bytes.toString('latin1');
  const piece = (from: number, base64: string) => {
    if (!BASE64.test(base64)) throw badRow(where, "its column 'image' holds no base64");
    return pieceUrl(url, { from: at + from, to: at + from + base64.length });
  };
  if (!text.startsWith('[')) return [piece(0, text)];
  if (!LIST.test(text)) throw badRow(where, "its column 'image' holds no list of base64");
  return [...text.matchAll(QUOTED)].map(({ 1: base64 = '', index }) => piece(index + 1, base64));
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const QUOTED = /["']([^"',]*)["']/g;
const LIST = /^\[\s*["'][^"',]*["'](?:\s*,\s*["'][^"',]*["'])*\s*\]\s*$/;

/** A row may name a row that names another. */
function imagesOf(
  image: ReadImageRow['image'],
  byIndex: ReadonlyMap<string, ReadImageRow>,
  where: string,
): readonly string[] {
  let found = image;
  for (let steps = 0; typeof found === 'string'; steps++) {
    const other = byIndex.get(found);
    if (other === undefined || steps > byIndex.size)
      throw badRow(where, `its image is that of the row with the index '${found}', which has none`);
    found = other.image;
  }
  return found;
}
