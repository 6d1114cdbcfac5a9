/**
 * TSV files of questions about images, in the form of VLMEvalKit: the column `image` holds base64, a list of such, or the `index` of the
 * row that has the same image. Images stay where they are: a row has the URLs of these pieces of the file.
 */

import { pathToFileURL } from 'node:url';
import { plural } from '../basics/plural.ts';
import { pieceUrl } from '../contract/prompt-list.ts';
import { badRow } from './read.ts';
import { type TsvField, textOfField, tsvRecords } from './tsv.ts';

/** A row that has an image. */
export interface ImageRow {
  /** The other columns; those that are empty in the row are not there. */
  readonly row: Readonly<Record<string, string>>;
  readonly images: readonly string[];
  /** `file:line`, for errors. */
  readonly where: string;
}

export interface ImageRows {
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
  const rows: Found[] = [];
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

interface Found {
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
): Found | undefined {
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
  image: Found['image'],
  byIndex: ReadonlyMap<string, Found>,
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
