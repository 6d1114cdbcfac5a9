/**
 * LiveCodeBench, problems of programming contests: livecodebench/code_generation_lite on Hugging Face, CC. Six files of JSON lines,
 * `{question_title, question_content, platform, question_id, contest_id, contest_date, starter_code, difficulty, public_test_cases,
 * private_test_cases, metadata}`, with together more than four gigabytes of tests. A row is read as a file has it and its tests are left
 * where they are, to be read again when an answer is scored. Format unseen: no real file was read with this class.
 */
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { textIn } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { badRow, type PlacedRow, parseRow, readSlice, streamJsonl } from '../read.ts';

/**
 * Reads the one thing that LiveCodeBench pickles: a text. A pickle is a program, and running one can do anything, so nothing is run
 * here: of the opcodes those are known that write a text down, and whatever else is met is refused.
 */

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

const SOURCE = 'Hugging Face, livecodebench/code_generation_lite';
const USUAL = ['ais_bench/datasets/code_generation_lite'];
const FILES = ['test.jsonl', 'test2.jsonl', 'test3.jsonl', 'test4.jsonl', 'test5.jsonl', 'test6.jsonl'];

const KEYS = ['release_version', 'start_date', 'end_date'];

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
    const folder = await locateFolder(options, { files, source: SOURCE, usual: USUAL });
    const test: Row[] = [];
    for (const file of files) {
      for await (const placed of streamJsonl(join(folder, file))) {
        const row = toRow(placed, file);
        const date = String(row['contest_date']);
        if (date >= from && date <= until) test.push(row);
      }
    }
    return { train: [], test };
  },
  async recall(kept, { path, roots }) {
    if (!isKept(kept)) return kept;
    const { question_id, difficulty, tests } = kept;
    const folder = await locateFolder({ path, roots }, { files: [tests.file], source: SOURCE, usual: USUAL });
    const file = join(folder, tests.file);
    const where = `${file}, problem ${question_id}`;
    const row = parseRow(await readSlice(file, tests), where);
    if (row['question_id'] !== question_id)
      throw badRow(where, 'the file is not the one that was asked: another problem is in its place');
    return { question_id, difficulty, tests: await testsIn(row, where) };
  },
};

function toRow({ row, where, at, bytes }: PlacedRow, file: string): Row {
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
  const unknown = Object.keys(params).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw badKey(unknown, 'is no key of LCBCodeGenerationDataset', KEYS.join(', '));
  const { release_version: release = 'release_v1', start_date: start, end_date: end } = params;
  return {
    files: filesOf(release),
    from: start === undefined || start === null ? '' : dayIn('start_date', start),
    until: end === undefined || end === null ? '\uffff' : `${dayIn('end_date', end)}T00:00:00`,
  };
}

function filesOf(release: unknown): readonly string[] {
  const [, all, first, last = first] =
    /^(release_)?v([1-6])(?:_v([1-6]))?$/.exec(String(release).replace(/^release_latest$/, 'release_v6')) ??
    [];
  const isRange = first !== undefined && (all === undefined ? last! >= first : last === first);
  if (!isRange) throw badKey('release_version', `is ${JSON.stringify(release)}`, 'release_v5, v6 or v4_v6');
  return FILES.slice(all === undefined ? Number(first) - 1 : 0, Number(last));
}

function dayIn(key: string, value: unknown): string {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value)) return value;
  throw badKey(key, `is ${JSON.stringify(value)}`, "a day, such as '2025-01-31'");
}

function badKey(key: string, what: string, one: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `the dataset config's ${key} ${what}`, {
    where: key,
    cure: `use ${one}`,
  });
}

function isKept(value: unknown): value is Kept {
  const { question_id: id, tests } = (value ?? {}) as Partial<Kept>;
  return typeof id === 'string' && typeof tests?.at === 'number';
}
