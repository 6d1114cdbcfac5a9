/** Questions about long texts: L-Eval, LongBench, LongBench v2 and AA-LCR. */

import { isUtf8 } from 'node:buffer';
import { basename, dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { messageOf } from '../../contract/errors.ts';
import { checkedLetter, markOf, textIn, textParam, textsIn } from '../columns.ts';
import { readCsv } from '../csv.ts';
import { fileExists, locateFile, locateFolder } from '../locate.ts';
import { badRow, decodedText, readBytes, readJsonl, streamJsonList, streamJsonl } from '../read.ts';

// L-Eval, 20 tasks on long documents, closed questions and open ones: C. An and others, L4NLP/LEval on Hugging Face, GPL 3.0. Files
// `LEval/Exam/<name>.jsonl` and `LEval/Generation/<name>.jsonl`, a document a line: `{input, instructions: […], outputs: […], …}`. Format
// unseen: no real file was read with this class.

const LEVAL_SOURCE = 'Hugging Face, L4NLP/LEval (folder LEval)';
const LEVAL_USUAL = ['ais_bench/datasets/LEval', 'ais_bench/datasets/leval', 'L4NLP/LEval'];
const LEVAL_KINDS = ['Exam', 'Generation'];

/**
 * A row for each instruction of a document: `context`, the document, `question`, `answer`, and `length`, the words of the answer. The config's
 * `path` is the file, or the folder of `LEval`, in which its `name` is looked for.
 */
export const LEvalDataset: DatasetType = {
  name: 'LEvalDataset',
  source: ({ context }) => markOf(String(context)),
  async load(options) {
    const test: Row[] = [];
    for await (const { row, where } of streamJsonl(await levalFile(options)))
      test.push(...toLevalRows(row, where));
    return { train: test, test };
  },
};

async function levalFile(options: LoadOptions): Promise<string> {
  const { path, roots } = options;
  if (path.endsWith('.jsonl'))
    return locateFile({ path, roots }, { file: '', extension: '.jsonl', source: LEVAL_SOURCE });
  const name = `${textParam(options, 'name', 'coursera')}.jsonl`;
  let first: unknown;
  for (const place of [...LEVAL_KINDS.flatMap((kind) => [join('LEval', kind), kind]), '']) {
    const wanted = { files: [join(place, name)], source: LEVAL_SOURCE, usual: LEVAL_USUAL };
    try {
      return join(await locateFolder(options, wanted), place, name);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

function toLevalRows(row: Row, where: string): Row[] {
  const context = textIn(row, 'input', where);
  const questions = textsIn(row, 'instructions', where);
  const answers = textsIn(row, 'outputs', where);
  if (questions.length !== answers.length)
    throw badRow(where, `it has ${questions.length} instructions and ${answers.length} outputs`);
  return questions.map((question, n) => {
    const answer = answers[n]!;
    return { context, question, answer, length: answer.split(/\s+/).filter((word) => word !== '').length };
  });
}

// LongBench v2, choices that take long texts to make: zai-org/LongBench-v2 on Hugging Face, Apache 2.0. One file, `data.json`, a list of
// 503 objects of together some 465 MB, `{_id, domain, sub_domain, difficulty, length, question, choice_A … choice_D, answer,
// context}`, read one by one. Format unseen: no real file was read with this class.

const V2_SOURCE = 'Hugging Face, zai-org/LongBench-v2 (data.json)';
const V2_FILE = 'data.json';
const V2_USUAL = [
  'ais_bench/datasets/LongBench-v2',
  'ais_bench/datasets/longbenchv2',
  'opencompass/longbenchv2',
  'zai-org/LongBench-v2',
];

const V2_LETTERS = 'ABCD';
const DIFFICULTIES = ['easy', 'hard'];
const LENGTHS = ['short', 'medium', 'long'];

/** Rows with the columns of the file; what is scored by is the letter with the groups that scores are told of. */
export const LongBenchv2Dataset: DatasetType = {
  name: 'LongBenchv2Dataset',
  reference: ({ answer, difficulty, length }) => ({ answer, difficulty, length }),
  source: ({ context }) => markOf(String(context)),
  async load(options) {
    const file = await findV2File(options);
    const test: Row[] = [];
    const rows = file.endsWith('.jsonl') ? streamJsonl(file) : streamJsonList(file);
    for await (const { row, where } of rows) test.push(toV2Row(row, where));
    return { train: test, test };
  },
};

async function findV2File({ path, roots }: LoadOptions): Promise<string> {
  for (const extension of ['.json', '.jsonl'])
    if (path.endsWith(extension))
      return locateFile({ path, roots }, { file: V2_FILE, extension, source: V2_SOURCE });
  return join(
    await locateFolder({ path, roots }, { files: [V2_FILE], source: V2_SOURCE, usual: V2_USUAL }),
    V2_FILE,
  );
}

function toV2Row(row: Row, where: string): Row {
  for (const column of ['context', 'question', ...[...V2_LETTERS].map((letter) => `choice_${letter}`)])
    textIn(row, column, where);
  checkedLetter(row['answer'], V2_LETTERS, where);
  checkOneOf(row, 'difficulty', DIFFICULTIES, where);
  checkOneOf(row, 'length', LENGTHS, where);
  return row;
}

function checkOneOf(row: Row, column: string, known: readonly string[], where: string): void {
  const value = row[column];
  if (known.some((one) => one === value)) return;
  throw badRow(where, `its ${column} ${JSON.stringify(value)} is none of ${known.join(', ')}`);
}

// LongBench, tasks on long texts in English, Chinese and code: Tsinghua University, MIT; the texts are those of 21 other datasets, with
// the licences of these. Files `data/<name>.jsonl` of `data.zip`, rows `{input, context, answers, all_classes, …}`. Format
// unseen: no real file was read with this class.

const LONGBENCH_SOURCE = 'Hugging Face, zai-org/LongBench (data.zip, MIT)';
const LONGBENCH_USUAL = [
  'ais_bench/datasets/LongBench',
  'ais_bench/datasets/longbench',
  'THUDM/LongBench',
  'zai-org/LongBench',
];

/** Their scores are of words, which AISBench asks jieba for. */
const OF_CHINESE_WORDS: ReadonlySet<string> = new Set(['multifieldqa_zh', 'dureader', 'vcsum']);

/**
 * Rows with the columns of the file, and `all_labels`, `{answers, all_classes}`, where there are classes. The config's `name` is
 * the file's, such as `hotpotqa`, or `hotpotqa_e` of LongBench-E.
 */
export const LongBenchDataset: DatasetType = {
  name: 'LongBenchDataset',
  source: ({ context }) => markOf(String(context)),
  async load(options) {
    const name = textParam(options, 'name', 'hotpotqa');
    const rows = await readJsonl(await longBenchFile(options, name), toLongBenchRow);
    const note =
      "score_by_character counts characters, where AISBench and the authors count the words that jieba finds: not comparable; eval_cfg.evaluator.words: 'jieba' counts those";
    return { train: rows, test: rows, ...(OF_CHINESE_WORDS.has(name) ? { notes: [note] } : {}) };
  },
};

async function longBenchFile(options: LoadOptions, name: string): Promise<string> {
  const look = async (file: string) =>
    join(
      await locateFolder(options, { files: [file], source: LONGBENCH_SOURCE, usual: LONGBENCH_USUAL }),
      file,
    );
  const file = join('data', `${name}.jsonl`);
  return look(file).catch((first: unknown) =>
    look(`${name}.jsonl`).catch(() => {
      throw first;
    }),
  );
}

function toLongBenchRow(row: Row, where: string): Row {
  for (const column of ['input', 'context']) textIn(row, column, where);
  const answers = textsIn(row, 'answers', where);
  if (answers.length === 0) throw badRow(where, 'it has no answer');
  const { all_classes: classes } = row;
  if (classes === null || classes === undefined) return row;
  return { ...row, all_labels: { answers, all_classes: textsIn(row, 'all_classes', where) } };
}

// AA-LCR, questions whose answers have to be reasoned from several long documents: ArtificialAnalysis/AA-LCR on Hugging Face, Apache 2.0 (the
// documents are of their publishers). `AA-LCR_Dataset.csv` has 100 rows `{document_category, document_set_id, question_id, question, answer,
// data_source_filenames, …}`; the documents lie in `lcr/<category>/<set>/`, or in `AA-LCR_extracted-text.zip` that holds this folder. Format
// unseen: no real file was read with this class.

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

const AA_LCR_SOURCE =
  'Hugging Face, ArtificialAnalysis/AA-LCR (AA-LCR_Dataset.csv and extracted_text/AA-LCR_extracted-text.zip)';
const AA_LCR_USUAL = ['ais_bench/datasets/aa_lcr', 'ais_bench/datasets/AA-LCR', 'evalscope/AA-LCR'];
const AA_LCR_QUESTIONS = 'AA-LCR_Dataset.csv';
const AA_LCR_ARCHIVE = 'AA-LCR_extracted-text.zip';
const AA_LCR_DOCUMENTS = 'lcr';
/** Where the documents may lie, below the folder of the questions. */
const AA_LCR_PLACES = ['', 'extracted_text'];

/** The bytes of a document by its path below `lcr/`; undefined where it is not there. */
type Library = (path: string) => Promise<Buffer | undefined>;

/** Rows with the columns of the file, `answers` (its `answer`), and `input`: all documents of the question, then the question. */
export const AALCRDataset: DatasetType = {
  name: 'AALCRDataset',
  source: ({ document_category, document_set_id }) =>
    markOf(`${String(document_category)}/${String(document_set_id)}`),
  async load(options) {
    const folder = await aaLcrFolder(options);
    const file = join(folder, AA_LCR_QUESTIONS);
    const library = await libraryIn(folder);
    const rows = await readCsv(file, (row, where) => ({ row, where }));
    const test: Row[] = [];
    for (const { row, where } of rows) test.push(await toAaLcrRow(row, where, library));
    return { train: [], test };
  },
};

/** AISBench's configs also name the archive, or its folder. */
function aaLcrFolder({ path, roots }: LoadOptions): Promise<string> {
  const folder = path.endsWith('.zip') ? dirname(path) : path;
  const above = basename(folder) === 'extracted_text' ? dirname(folder) : folder;
  return locateFolder(
    { path: above, roots },
    { files: [AA_LCR_QUESTIONS], source: AA_LCR_SOURCE, usual: AA_LCR_USUAL },
  );
}

async function libraryIn(folder: string): Promise<Library> {
  for (const place of AA_LCR_PLACES) {
    const documents = join(folder, place, AA_LCR_DOCUMENTS);
    if (await fileExists(documents)) return async (path) => fileAt(join(documents, path));
    const archive = join(folder, place, AA_LCR_ARCHIVE);
    if (!(await fileExists(archive))) continue;
    const zip = openZip(await readBytes(archive), archive);
    return async (path) => zip.read(`${AA_LCR_DOCUMENTS}/${path}`);
  }
  const files = [join('extracted_text', AA_LCR_ARCHIVE)];
  await locateFolder({ path: folder, roots: [] }, { files, source: AA_LCR_SOURCE }); // throws: neither is there
  return async () => undefined;
}

async function fileAt(path: string): Promise<Buffer | undefined> {
  return (await fileExists(path)) ? readBytes(path) : undefined;
}

async function toAaLcrRow(row: Row, where: string, library: Library): Promise<Row> {
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
