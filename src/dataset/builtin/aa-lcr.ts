/**
 * AA-LCR, questions whose answers have to be reasoned from several long documents: ArtificialAnalysis/AA-LCR on Hugging Face, Apache 2.0 (the
 * documents are of their publishers). `AA-LCR_Dataset.csv` has 100 rows `{document_category, document_set_id, question_id, question, answer,
 * data_source_filenames, …}`; the documents lie in `lcr/<category>/<set>/`, or in `AA-LCR_extracted-text.zip` that holds this folder. Format
 * unseen: no real file was read with this class.
 */
import { isUtf8 } from 'node:buffer';
import { basename, dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { messageOf } from '../../contract/errors.ts';
import { markOf, textIn } from '../columns.ts';
import { readCsv } from '../csv.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { badRow, decodedText, readBytes } from '../read.ts';

// Files in a ZIP archive: those that are stored or deflated, without encryption, of archives below 4 GB.

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

interface ZipEntry {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

/** An archive's files by name, composed (NFC), with `/` between folders. */
interface Zip {
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

function entriesIn(bytes: Buffer, file: string): Map<string, ZipEntry> {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const isThere =
    end >= Math.max(0, bytes.length - END_BYTES - LONGEST_COMMENT) && end + END_BYTES <= bytes.length;
  if (!isThere || bytes.readUInt32LE(end) !== END) throw badRow(file, 'the file is no ZIP archive');
  const found = new Map<string, ZipEntry>();
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

function contentOf(bytes: Buffer, { method, packed, size, at }: ZipEntry, where: string): Buffer {
  if (at + LOCAL_BYTES > bytes.length || bytes.readUInt32LE(at) !== LOCAL)
    throw badRow(where, 'the file is not where the ZIP archive says');
  const start = at + LOCAL_BYTES + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  const content = unpacked(bytes.subarray(start, start + packed), { method, size }, where);
  if (content.length !== size) throw badRow(where, 'the file in the ZIP archive is damaged');
  return content;
}

function unpacked(bytes: Buffer, { method, size }: Pick<ZipEntry, 'method' | 'size'>, where: string): Buffer {
  if (method === STORED) return bytes;
  try {
    return inflateRawSync(bytes, { maxOutputLength: Math.max(size, 1) });
  } catch (cause) {
    throw badRow(where, `the file in the ZIP archive is damaged (${messageOf(cause)})`, cause);
  }
}

const SOURCE =
  'Hugging Face, ArtificialAnalysis/AA-LCR (AA-LCR_Dataset.csv and extracted_text/AA-LCR_extracted-text.zip)';
const USUAL = ['ais_bench/datasets/aa_lcr', 'ais_bench/datasets/AA-LCR', 'evalscope/AA-LCR'];
const QUESTIONS = 'AA-LCR_Dataset.csv';
const ARCHIVE = 'AA-LCR_extracted-text.zip';
const DOCUMENTS = 'lcr';
/** Where the documents may lie, below the folder of the questions. */
const PLACES = ['', 'extracted_text'];

/** The bytes of a document by its path below `lcr/`; undefined where it is not there. */
type Library = (path: string) => Promise<Buffer | undefined>;

/** Rows with the columns of the file, `answers` (its `answer`), and `input`: all documents of the question, then the question. */
export const AALCRDataset: DatasetType = {
  name: 'AALCRDataset',
  source: ({ document_category, document_set_id }) =>
    markOf(`${String(document_category)}/${String(document_set_id)}`),
  async load(options) {
    const folder = await folderOf(options);
    const file = join(folder, QUESTIONS);
    const library = await libraryIn(folder);
    const rows = await readCsv(file, (row, where) => ({ row, where }));
    const test: Row[] = [];
    for (const { row, where } of rows) test.push(await toRow(row, where, library));
    return { train: [], test };
  },
};

/** AISBench's configs also name the archive, or its folder. */
function folderOf({ path, roots }: LoadOptions): Promise<string> {
  const folder = path.endsWith('.zip') ? dirname(path) : path;
  const above = basename(folder) === 'extracted_text' ? dirname(folder) : folder;
  return locateFolder({ path: above, roots }, { files: [QUESTIONS], source: SOURCE, usual: USUAL });
}

async function libraryIn(folder: string): Promise<Library> {
  for (const place of PLACES) {
    const documents = join(folder, place, DOCUMENTS);
    if (await fileExists(documents)) return async (path) => fileAt(join(documents, path));
    const archive = join(folder, place, ARCHIVE);
    if (!(await fileExists(archive))) continue;
    const zip = openZip(await readBytes(archive), archive);
    return async (path) => zip.read(`${DOCUMENTS}/${path}`);
  }
  const files = [join('extracted_text', ARCHIVE)];
  await locateFolder({ path: folder, roots: [] }, { files, source: SOURCE }); // throws: neither is there
  return async () => undefined;
}

async function fileAt(path: string): Promise<Buffer | undefined> {
  return (await fileExists(path)) ? readBytes(path) : undefined;
}

async function toRow(row: Row, where: string, library: Library): Promise<Row> {
  const [category, set] = ['document_category', 'document_set_id'].map((column) =>
    textIn(row, column, where),
  );
  const question = textIn(row, 'question', where);
  const names = textIn(row, 'data_source_filenames', where)
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw badRow(where, 'it names no document');
  const documents: string[] = [];
  for (const name of names) {
    const path = `${category}/${set}/${name}`;
    const bytes = await library(path);
    if (bytes === undefined) throw badRow(where, `its document '${path}' is not there`);
    const text = decodedText(bytes, path).trim();
    if (text !== '') documents.push(text);
  }
  return { ...row, question, answers: textIn(row, 'answer', where), input: inputOf(documents, question) };
}

/** AISBench's column, in words of ours. */
function inputOf(documents: readonly string[], question: string): string {
  const numbered = documents.map(
    (text, n) => `=== Document ${n + 1} ===\n${text}\n=== End of document ${n + 1} ===`,
  );
  return (
    `Here are ${documents.length === 1 ? 'a document' : `${documents.length} documents`}, and a question about them.\n\n` +
    `${numbered.join('\n\n')}\n\n` +
    `Answer this question from what the documents say:\n\n${question}`
  );
}
