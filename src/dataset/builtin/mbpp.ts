/**
 * MBPP, short tasks with three asserts each: google-research/google-research, folder mbpp, CC BY 4.0. `mbpp.jsonl` has rows
 * `{task_id, text, code, test_list, test_setup_code, challenge_test_list}`; `sanitized-mbpp.json` those that people went through
 * again, `{task_id, prompt, code, test_imports, test_list}`, as one list. Where AISBench asks: rows 10 to 509, worked examples
 * from the ten before; of the sanitized ones rows 7 to 263, and the seven before.
 */

import type { DatasetType, Row } from '../../contract/dataset.ts';
import { badRow, parseJsonl, readJson, readText } from '../read.ts';
import { locateOneOf } from './code-files.ts';

const SOURCE = 'github.com/google-research/google-research (folder mbpp, CC BY 4.0)';
const DEFAULT_PATH = 'ais_bench/datasets/mbpp';

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
      const place = { path: path === '' ? DEFAULT_PATH : path, roots };
      const rows = await readRows(await locateOneOf(place, { names, source: SOURCE }));
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
