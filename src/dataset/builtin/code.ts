/**
 * MBPP, short tasks with three asserts each: google-research/google-research, folder mbpp, CC BY 4.0. `mbpp.jsonl` has rows
 * `{task_id, text, code, test_list, test_setup_code, challenge_test_list}`; `sanitized-mbpp.json` those that people went through
 * again, `{task_id, prompt, code, test_imports, test_list}`, as one list. Where AISBench asks: rows 10 to 509, worked examples
 * from the ten before; of the sanitized ones rows 7 to 263, and the seven before.
 */
import { basename, dirname, join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { locateFolder } from '../locate.ts';
import { badRow, parseJsonl, readJson, readJsonl, readText } from '../read.ts';

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
const NAMES = ['HumanEval.jsonl', 'HumanEval.jsonl.gz', 'human-eval-v2-20210705.jsonl'];

export const HumanevalDataset: DatasetType = {
  name: 'HumanevalDataset',
  reference: ({ prompt, test, entry_point }) => ({ prompt, test, entry_point }),
  async load({ path, roots }) {
    const place = { path: path === '' ? HUMANEVAL_DEFAULT_PATH : path, roots };
    const file = await locateOneOf(place, { names: NAMES, source: HUMANEVAL_SOURCE });
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
      const rows = await readRows(await locateOneOf(place, { names, source: MBPP_SOURCE }));
      return { train: rows.slice(0, train), test: rows.slice(train, end) };
    },
  };
}

/** Lines, or one list. */
async function readRows(file: string): Promise<Row[]> {
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

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
