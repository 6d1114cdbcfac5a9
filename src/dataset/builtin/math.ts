/**
 * MATH, problems of American competitions: D. Hendrycks and others, MIT licence; the 500 of PRM800K's test split, which are called
 * MATH-500. `test.jsonl` has the rows `{problem, solution, answer, subject, level, unique_id}`. MATHDataset reads OpenCompass's
 * `math.json` and `test_prm800k_500.json` too, one object of such rows by number (format unseen: read from a description).
 */
import { extname } from 'node:path';
import type { DatasetType, LoadOptions, Row, Splits } from '../../contract/dataset.ts';
import { badRow, readJson, readJsonl } from '../read.ts';
import { besides, findFiles } from './find-files.ts';

const SOURCE = 'github.com/openai/prm800k (prm800k/math_splits/test.jsonl, MIT licence)';
const DEFAULT_PATH = 'ais_bench/datasets/math';

/** A row's columns. */
export interface MathRow extends Row {
  readonly problem: string;
  /** The gold answer alone: what is boxed in the solution. */
  readonly answer: string;
  /** The solution as in the file. */
  readonly worked: string;
}

/** The 500 problems; `solution` is the whole solution, as in the file. */
export const Math500Dataset: DatasetType = {
  name: 'Math500Dataset',
  load: (options) => load(options, (row) => row),
};

/** The same, with AISBench's column `solution`: the gold answer alone. */
export const MATHDataset: DatasetType = {
  name: 'MATHDataset',
  load: (options) => load(options, (row) => ({ ...row, solution: row.answer })),
};

async function load({ path, roots, params }: LoadOptions, toOwn: (row: MathRow) => Row): Promise<Splits> {
  const named = params['file_name'];
  const names =
    typeof named === 'string'
      ? [named]
      : ['test.jsonl', 'test_prm800k_500.jsonl', 'test_prm800k_500.json', 'math.json'];
  const [file = ''] = await findFiles(roots, {
    paths: path === '' || path === DEFAULT_PATH ? [DEFAULT_PATH, 'math500'] : [path],
    files: names.map((name) => [name]),
    source: SOURCE,
  });
  const train = await besides(file, 'train.jsonl');
  return {
    test: (await readRows(file)).map(toOwn),
    train: train === undefined ? [] : (await readRows(train)).map(toOwn),
  };
}

async function readRows(file: string): Promise<MathRow[]> {
  if (extname(file) !== '.json') return readJsonl(file, toMathRow);
  const rows = await readJson(file);
  if (typeof rows !== 'object' || rows === null) throw badRow(file, 'it is no object of problems');
  return Object.entries(rows).map(([key, row]) => {
    if (typeof row !== 'object' || row === null) throw badRow(`${file}: ${key}`, 'it is no object');
    return toMathRow(row as Row, `${file}: ${key}`);
  });
}

/** Checks a row and adds `answer` where the file has none, and `worked`. Throws DSET-DATA-002 naming `where`. */
export function toMathRow(row: Row, where: string): MathRow {
  const { problem, solution = '', answer } = row;
  if (typeof problem !== 'string') throw badRow(where, "it has no text in column 'problem'");
  if (typeof solution !== 'string') throw badRow(where, "its column 'solution' is no text");
  const gold = typeof answer === 'string' || typeof answer === 'number' ? String(answer) : lastBox(solution);
  if (gold === undefined)
    throw badRow(where, "it has no text in column 'answer', and no \\boxed in 'solution'");
  return { ...row, problem, answer: gold, worked: solution };
}

/** What is in the last `\boxed{…}`; braces that are written `\{` do not count. */
function lastBox(solution: string): string | undefined {
  const start = solution.lastIndexOf('\\boxed{');
  if (start === -1) return undefined;
  const inside = start + '\\boxed{'.length;
  let depth = 1;
  for (let i = inside; i < solution.length; i++) {
    if (solution[i] === '\\') i++;
    else if (solution[i] === '{') depth++;
    else if (solution[i] === '}' && --depth === 0) return solution.slice(inside, i);
  }
  return undefined;
}
