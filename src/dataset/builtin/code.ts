/** Programming tasks: HumanEval, MBPP and LiveCodeBench. */

import { isUtf8 } from 'node:buffer';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { isTexts, textIn } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import {
  badRow,
  type PlacedRow,
  parseJsonl,
  parseRow,
  readJson,
  readJsonl,
  readSlice,
  readText,
  streamJsonl,
} from '../read.ts';

/** Rows are published plain or packed. */
const ENDINGS = /\.(?:jsonl|json)(?:\.gz)?$/;

/**
 * The file of a dataset that is one: `path` is its folder, or the file; `names` are what it is called where the folder is
 * given, or where the named file is not there. Throws DSET-FILE-001 as `locateFolder` does, for the first of the names.
 */
async function locateOneOf(
  { path, roots }: Pick<LoadOptions, 'path' | 'roots'>,
  { names, source }: { readonly names: readonly string[]; readonly source: string },
): Promise<string> {
  const isFile = ENDINGS.test(path);
  const folder = isFile ? dirname(path) : path;
  let missing: unknown;
  for (const file of isFile ? [basename(path), ...names] : names) {
    try {
      return join(await locateFolder({ path: folder, roots }, { files: [file], source }), file);
    } catch (error) {
      if (!(error instanceof AisBenchError)) throw error;
      missing ??= error;
    }
  }
  throw missing;
}

// HumanEval, functions to be completed: openai/human-eval, MIT licence. One file of 164 rows, plain or packed by gzip:
// `{task_id, prompt, entry_point, canonical_solution, test}`.

const HUMANEVAL_SOURCE = 'github.com/openai/human-eval (folder data, MIT licence)';
const HUMANEVAL_DEFAULT_PATH = 'ais_bench/datasets/humaneval';
/** As it is published, as it calls itself inside, and unpacked. */
const HUMANEVAL_NAMES = ['HumanEval.jsonl', 'HumanEval.jsonl.gz', 'human-eval-v2-20210705.jsonl'];

export const HumanevalDataset: DatasetType = {
  name: 'HumanevalDataset',
  reference: ({ prompt, test, entry_point }) => ({ prompt, test, entry_point }),
  async load({ path, roots }) {
    const place = { path: path === '' ? HUMANEVAL_DEFAULT_PATH : path, roots };
    const file = await locateOneOf(place, { names: HUMANEVAL_NAMES, source: HUMANEVAL_SOURCE });
    return { train: [], test: await readJsonl(file, toHumanevalRow) };
  },
};

/** Checks the columns. Throws DSET-DATA-002 naming `where`. */
export function toHumanevalRow(row: Row, where: string): Row {
  for (const column of ['task_id', 'prompt', 'entry_point', 'test']) {
    if (typeof row[column] !== 'string') throw badRow(where, `it has no text in column '${column}'`);
  }
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(String(row['entry_point']))) {
    throw badRow(where, `its entry_point '${String(row['entry_point'])}' is not a name`);
  }
  return row;
}

// MBPP, short tasks with three asserts each: google-research/google-research, folder mbpp, CC BY 4.0. `mbpp.jsonl` has rows
// `{task_id, text, code, test_list, test_setup_code, challenge_test_list}`; `sanitized-mbpp.json` those that people went through
// again, `{task_id, prompt, code, test_imports, test_list}`, as one list. Where AISBench asks: rows 10 to 509, worked examples
// from the ten before; of the sanitized ones rows 7 to 263, and the seven before.

const MBPP_SOURCE = 'github.com/google-research/google-research (folder mbpp, CC BY 4.0)';
const MBPP_DEFAULT_PATH = 'ais_bench/datasets/mbpp';

interface Cut {
  readonly names: readonly string[];
  readonly train: number;
  /** Where the rows to ask end. */
  readonly end: number;
}

const FULL: Cut = { names: ['mbpp.jsonl', 'mbpp.jsonl.gz'], train: 10, end: 510 };
const SANITIZED: Cut = { names: ['sanitized-mbpp.jsonl', 'sanitized-mbpp.json'], train: 7, end: 264 };

export const MBPPDataset: DatasetType = mbpp('MBPPDataset', FULL);

/** The same rows; AISBench's class for several answers a task. */
export const MBPPDatasetV2: DatasetType = mbpp('MBPPDatasetV2', FULL);

export const SanitizedMBPPDataset: DatasetType = mbpp('SanitizedMBPPDataset', SANITIZED);

function mbpp(name: string, { names, train, end }: Cut): DatasetType {
  return {
    name,
    reference: ({ test_list: tests, setup }) => ({ tests, setup }),
    async load({ path, roots }) {
      const place = { path: path === '' ? MBPP_DEFAULT_PATH : path, roots };
      const rows = await readMbppRows(await locateOneOf(place, { names, source: MBPP_SOURCE }));
      return { train: rows.slice(0, train), test: rows.slice(train, end) };
    },
  };
}

/** Lines, or one list. */
async function readMbppRows(file: string): Promise<Row[]> {
  if (!file.endsWith('.json')) return parseJsonl(await readText(file), file, toMbppRow);
  const list = await readJson(file);
  if (!Array.isArray(list)) throw badRow(file, 'the file is JSON but not a list');
  return list.map((row: unknown, index) => {
    const where = `${file}, row ${index + 1}`;
    if (typeof row !== 'object' || row === null) throw badRow(where, 'it is not an object');
    return toMbppRow(row as Row, where);
  });
}

/**
 * Checks the columns; `text` is the task under either name, `worked` the code as an example shows it, `test_list` the asserts a
 * line each as AISBench shows them, `test_case` the list, `setup` what runs before them. Throws DSET-DATA-002 naming `where`.
 */
export function toMbppRow(row: Row, where: string): Row {
  const { text = row['prompt'], code, test_list: tests } = row;
  if (typeof text !== 'string') throw badRow(where, "it has no text in column 'text'");
  if (typeof code !== 'string') throw badRow(where, "it has no text in column 'code'");
  if (!isTexts(tests) || tests.length === 0) {
    throw badRow(where, "its column 'test_list' is no list of texts");
  }
  const imports = isTexts(row['test_imports']) ? row['test_imports'] : [];
  const own = typeof row['test_setup_code'] === 'string' ? row['test_setup_code'] : '';
  const setup = [...imports, ...(own.trim() === '' ? [] : [own])].join('\n');
  const joined = tests.join('\n');
  return {
    ...row,
    ...{ text, code, worked: worked(code), setup },
    ...{ test_case: tests, test_list: joined, test_list_2: joined, test_column: joined },
  };
}

/** The file's code has line ends of Windows and blanks behind its lines. */
function worked(code: string): string {
  return code.replace(/(?<![ \t])[ \t]*\r?\n/g, '\n').trim();
}

// LiveCodeBench, problems of programming contests: livecodebench/code_generation_lite on Hugging Face, CC. Six files of JSON lines,
// `{question_title, question_content, platform, question_id, contest_id, contest_date, starter_code, difficulty, public_test_cases,
// private_test_cases, metadata}`, with together more than four gigabytes of tests. A row is read as a file has it and its tests are left
// where they are, to be read again when an answer is scored. Format unseen: no real file was read with this class.

// The one thing that LiveCodeBench pickles: a text. A pickle is a program, and running one can do anything, so nothing is run here:
// of the opcodes those are known that write a text down, and all others are refused.

const PROTO = 0x80;
const FRAME = 0x95;
const STOP = 0x2e;
/** Opcode of a text → bytes of the length before it. */
const TEXTS: ReadonlyMap<number, number> = new Map([
  [0x8c, 1],
  [0x58, 4],
  [0x8d, 8],
]);
/** Opcode that remembers the text, which nothing reads here → bytes of its argument. */
const MEMOS: ReadonlyMap<number, number> = new Map([
  [0x94, 0],
  [0x71, 1],
  [0x72, 4],
]);
const FRAME_HEAD = 9;
const PROTOCOLS = { first: 2, last: 5 };

/** The bytes of the text, UTF-8, in a pickle of protocol 2 to 5. Throws Error that says what is there instead. */
export function pickledText(pickle: Buffer): Buffer {
  const [proto, version = 0] = pickle;
  if (proto !== PROTO || version < PROTOCOLS.first || version > PROTOCOLS.last)
    throw new Error('it does not begin as a pickle of protocol 2 to 5');
  let at = throughFrames(pickle, 2);
  const width = TEXTS.get(pickle[at] ?? -1);
  if (width === undefined) throw unexpected(pickle, at, 'a text');
  const start = at + 1 + width;
  if (start > pickle.length) throw new Error('it ends within the length of its text');
  const length = lengthAt(pickle, at + 1, width);
  if (length > pickle.length - start) throw new Error('it ends within its text');
  at = throughFrames(pickle, start + length);
  const memo = MEMOS.get(pickle[at] ?? -1);
  if (memo !== undefined) at = throughFrames(pickle, at + 1 + memo);
  if (pickle[at] !== STOP || at !== pickle.length - 1) throw unexpected(pickle, at, 'its end');
  return pickle.subarray(start, start + length);
}

/** Frames only tell how much is read at a time. */
function throughFrames(pickle: Buffer, from: number): number {
  let at = from;
  while (pickle[at] === FRAME) at += FRAME_HEAD;
  return at;
}

function lengthAt(pickle: Buffer, at: number, width: number): number {
  return width === 8 ? Number(pickle.readBigUInt64LE(at)) : pickle.readUIntLE(at, width);
}

function unexpected(pickle: Buffer, at: number, wanted: string): Error {
  const byte = pickle[at];
  const found = byte === undefined ? 'nothing' : `opcode 0x${byte.toString(16).padStart(2, '0')}`;
  return new Error(`at byte ${at} of the pickle is ${found} where ${wanted} should be`);
}

// The tests of a problem of LiveCodeBench, which only scoring needs: they are most of its files.

/** What a program must do. */
interface LcbTests {
  /** The function to be called with each line of an input as JSON; absent: inputs are standard input. */
  readonly call?: string;
  readonly inputs: readonly string[];
  /** What has to be printed, or the returned value as JSON. */
  readonly outputs: readonly string[];
}

/** Bytes: no text of V8's is longer. */
const MOST_BYTES = 2 ** 29 - 25;

/** The public tests, then the private ones. Throws DSET-DATA-002 naming `where`. */
async function testsIn(row: Row, where: string): Promise<LcbTests> {
  const tests = [
    ...testList(jsonIn(row, 'public_test_cases', where), `${where}, public_test_cases`),
    ...testList(await privateTests(row, where), `${where}, private_test_cases`),
  ];
  if (tests.length === 0) throw badRow(where, 'it has no tests');
  const call = functionOf(row, where);
  return {
    ...(call === undefined ? {} : { call }),
    inputs: tests.map(({ input }) => input as string),
    outputs: tests.map(({ output }) => output as string),
  };
}

/** `metadata.func_name`, of problems whose answers are functions. */
function functionOf(row: Row, where: string): string | undefined {
  const metadata = jsonIn(row, 'metadata', where);
  const { func_name: name } = (metadata ?? {}) as Row;
  if (name === undefined || name === null) return undefined;
  if (typeof name === 'string' && name !== '') return name;
  throw badRow(where, "its metadata's func_name is no name");
}

function jsonIn(row: Row, column: string, where: string): unknown {
  const text = row[column];
  if (typeof text !== 'string') throw badRow(where, `it has no text in column '${column}'`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badRow(where, `its column '${column}' is not JSON (${messageOf(cause)})`, cause);
  }
}

/** JSON as it is, or packed: base64 of zlib of a pickled text. */
async function privateTests(row: Row, where: string): Promise<unknown> {
  const column = 'private_test_cases';
  const packed = row[column];
  if (typeof packed !== 'string') throw badRow(where, `it has no text in column '${column}'`);
  if (/^\s*\[/.test(packed)) return jsonIn(row, column, where);
  try {
    const pickle = await promisify(inflate)(Buffer.from(packed, 'base64'), { maxOutputLength: MOST_BYTES });
    const text = pickledText(pickle);
    if (!isUtf8(text)) throw new Error('the pickled text is not UTF-8');
    return JSON.parse(text.toString('utf8'));
  } catch (cause) {
    const what = `its column '${column}' is not base64 of zlib of a pickled JSON text (${messageOf(cause)})`;
    throw badRow(where, what, cause);
  }
}

function testList(value: unknown, where: string): Row[] {
  if (!Array.isArray(value)) throw badRow(where, 'it is no list of tests');
  for (const [n, test] of value.entries()) {
    const { input, output } = (test ?? {}) as Row;
    if (typeof input !== 'string' || typeof output !== 'string')
      throw badRow(where, `test ${n + 1} has not the texts 'input' and 'output'`);
  }
  return value as Row[];
}

const LCB_SOURCE = 'Hugging Face, livecodebench/code_generation_lite';
const LCB_USUAL = ['ais_bench/datasets/code_generation_lite'];
const LCB_FILES = ['test.jsonl', 'test2.jsonl', 'test3.jsonl', 'test4.jsonl', 'test5.jsonl', 'test6.jsonl'];

const LCB_KEYS = ['release_version', 'start_date', 'end_date'];

/** What is kept of a row with every answer: what it is, and where its tests lie. */
interface Kept {
  readonly question_id: string;
  readonly difficulty: string;
  readonly tests: { readonly file: string; readonly at: number; readonly bytes: number };
}

/**
 * Rows without their tests, and with `format_prompt`, which says what an answer has to look like. Keys of the config: `release_version`,
 * `release_v1` (the default) to `release_v6` with all before it, `v1` to `v6` alone, or `v4_v6`; `start_date` and `end_date`, days
 * between which the contest was.
 */
export const LCBCodeGenerationDataset: DatasetType = {
  name: 'LCBCodeGenerationDataset',
  reference: ({ question_id, difficulty, tests }) => ({ question_id, difficulty, tests }),
  async load(options) {
    const { files, from, until } = readKeys(options.params);
    const folder = await locateFolder(options, { files, source: LCB_SOURCE, usual: LCB_USUAL });
    const test: Row[] = [];
    for (const file of files) {
      for await (const placed of streamJsonl(join(folder, file))) {
        const row = toLcbRow(placed, file);
        const date = String(row['contest_date']);
        if (date >= from && date <= until) test.push(row);
      }
    }
    return { train: [], test };
  },
  async recall(kept, { path, roots }) {
    if (!isKept(kept)) return kept;
    const { question_id, difficulty, tests } = kept;
    const folder = await locateFolder(
      { path, roots },
      { files: [tests.file], source: LCB_SOURCE, usual: LCB_USUAL },
    );
    const file = join(folder, tests.file);
    const where = `${file}, problem ${question_id}`;
    const row = parseRow(await readSlice(file, tests), where);
    if (row['question_id'] !== question_id)
      throw badRow(where, 'the file is not the one that was asked: another problem is in its place');
    return { question_id, difficulty, tests: await testsIn(row, where) };
  },
};

function toLcbRow({ row, where, at, bytes }: PlacedRow, file: string): Row {
  const { public_test_cases: _shown, private_test_cases: packed, metadata: _metadata, ...rest } = row;
  for (const column of ['question_id', 'question_content', 'difficulty', 'contest_date'])
    textIn(row, column, where);
  if (typeof packed !== 'string') throw badRow(where, "it has no text in column 'private_test_cases'");
  const format_prompt = formatOf(textIn(row, 'starter_code', where));
  return { ...rest, format_prompt, tests: { file, at, bytes } };
}

/** AISBench's column, in words of ours. */
function formatOf(starter: string): string {
  if (starter === '')
    return (
      'Write a Python program that reads the input from standard input and prints the answer to standard output. ' +
      'Do not run it on the examples yourself. Put the whole program into one code block, like this:\n' +
      '```python\n# your program\n```\n\n'
    );
  return (
    'Complete the code below into a solution, and put all of it into one code block:\n' +
    `\`\`\`python\n${starter}\n\`\`\`\n\n`
  );
}

interface ProblemFilter {
  readonly files: readonly string[];
  /** As `contest_date` is written. */
  readonly from: string;
  readonly until: string;
}

function readKeys(params: LoadOptions['params']): ProblemFilter {
  const unknown = Object.keys(params).find((key) => !LCB_KEYS.includes(key));
  if (unknown !== undefined)
    throw badLcbKey(unknown, 'is no key of LCBCodeGenerationDataset', LCB_KEYS.join(', '));
  const { release_version: release = 'release_v1', start_date: start, end_date: end } = params;
  return {
    files: lcbFiles(release),
    from: start === undefined || start === null ? '' : dayIn('start_date', start),
    until: end === undefined || end === null ? '\uffff' : `${dayIn('end_date', end)}T00:00:00`,
  };
}

function lcbFiles(release: unknown): readonly string[] {
  const [, all, first, last = first] =
    /^(release_)?v([1-6])(?:_v([1-6]))?$/.exec(String(release).replace(/^release_latest$/, 'release_v6')) ??
    [];
  const isRange = first !== undefined && (all === undefined ? last! >= first : last === first);
  if (!isRange)
    throw badLcbKey('release_version', `is ${JSON.stringify(release)}`, 'release_v5, v6 or v4_v6');
  return LCB_FILES.slice(all === undefined ? Number(first) - 1 : 0, Number(last));
}

function dayIn(key: string, value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return value;
  throw badLcbKey(key, `is ${JSON.stringify(value)}`, "a day, such as '2025-01-31'");
}

function badLcbKey(key: string, what: string, one: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `the dataset config's ${key} ${what}`, {
    where: key,
    cure: `use ${one}`,
  });
}

function isKept(value: unknown): value is Kept {
  const { question_id: id, tests } = (value ?? {}) as Partial<Kept>;
  return typeof id === 'string' && typeof tests?.at === 'number';
}
