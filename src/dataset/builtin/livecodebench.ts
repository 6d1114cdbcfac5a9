/**
 * LiveCodeBench, problems of programming contests: livecodebench/code_generation_lite on Hugging Face, CC. Six files of JSON lines,
 * `{question_title, question_content, platform, question_id, contest_id, contest_date, starter_code, difficulty, public_test_cases,
 * private_test_cases, metadata}`, with together more than four gigabytes of tests. A row is read as a file has it and its tests are left
 * where they are, to be read again when an answer is scored. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { textIn } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { badRow, type PlacedRow, parseRow, readSlice, streamJsonl } from '../read.ts';
import { testsIn } from './livecodebench-tests.ts';

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

interface Wanted {
  readonly files: readonly string[];
  /** As `contest_date` is written. */
  readonly from: string;
  readonly until: string;
}

function readKeys(params: LoadOptions['params']): Wanted {
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
