/**
 * MATH, problems of American competitions: D. Hendrycks and others, MIT licence; the 500 of PRM800K's test split, which are called
 * MATH-500. `test.jsonl` has the rows `{problem, solution, answer, subject, level, unique_id}`. MATHDataset reads OpenCompass's
 * `math.json` and `test_prm800k_500.json` too, one object of such rows by number (format unseen: read from a description).
 */

import { extname } from 'node:path';
import { plural } from '../../basics/plural.ts';
import type { DatasetType, LoadOptions, Row, Splits } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { besides, findFiles } from '../columns.ts';
import { streamParquet } from '../parquet.ts';
import { badRow, readJson, readJsonl } from '../read.ts';

// AIME, the American Invitational Mathematics Examination of 2024, 2025 and 2026: 30 problems a year, each with a whole number
// from 0 to 999. The problems are the MAA's; who published them as data is in `source`. Rows are `{origin_prompt, gold_answer}`
// in OpenCompass's file of 2024 and `{question, answer}` in those of later years. Format unseen: none of the files was at hand.

/** A row's columns. */
interface AimeRow extends Row {
  readonly question: string;
  /** The number, as text. */
  readonly answer: string;
}

interface Year {
  readonly name: string;
  readonly paths: readonly string[];
  readonly files: readonly (readonly string[])[];
  readonly source: string;
}

export const Aime2024Dataset: DatasetType = contest({
  name: 'Aime2024Dataset',
  paths: ['ais_bench/datasets/aime2024', 'ais_bench/datasets/aime'],
  files: [['aime.jsonl'], ['aime2024.jsonl']],
  source: "OpenCompass's data files (aime.zip)",
});

export const Aime2025Dataset: DatasetType = contest({
  name: 'Aime2025Dataset',
  paths: ['ais_bench/datasets/aime2025'],
  files: [['aime2025.jsonl'], ['aime2025-I.jsonl', 'aime2025-II.jsonl']],
  source: 'the data set opencompass/AIME2025 (MIT licence)',
});

export const Aime2026Dataset: DatasetType = contest({
  name: 'Aime2026Dataset',
  paths: ['ais_bench/datasets/aime2026'],
  files: [['aime2026.jsonl'], ['aime2026-I.jsonl', 'aime2026-II.jsonl']],
  source: 'a file of the 30 problems as rows {question, answer}',
});

function contest({ name, paths, files, source }: Year): DatasetType {
  return {
    name,
    async load(options) {
      const found = await findFiles(options.roots, {
        paths: options.path === '' || paths.includes(options.path) ? paths : [options.path],
        files,
        source,
      });
      const parts = await Promise.all(found.map((file) => readJsonl(file, toAimeRow)));
      return { test: parts.flat(), train: [] };
    },
  };
}

/** Checks a row and gives its columns the names of later years. Throws DSET-DATA-002 naming `where`. */
export function toAimeRow(row: Row, where: string): AimeRow {
  const question = row['origin_prompt'] ?? row['question'] ?? row['problem'];
  const answer = row['gold_answer'] ?? row['answer'];
  if (typeof question !== 'string') {
    throw badRow(where, "it has no text in column 'origin_prompt', 'question' or 'problem'");
  }
  if (typeof answer !== 'string' && typeof answer !== 'number') {
    throw badRow(where, "it has no number in column 'gold_answer' or 'answer'");
  }
  return { ...row, question, answer: String(answer).trim() };
}

// DAPO-Math-17k, problems of competitions with whole numbers for answers: BytedTsinghua-SIA/DAPO-Math-17k on Hugging Face, Apache 2.0. One
// Parquet file of rows `{data_source, prompt: [{role, content}], ability, reward_model: {ground_truth, style}, extra_info}`, some 17,000
// problems of which each is there about a hundred times. Format unseen: no real file was read with this class.

const DAPO_SOURCE = 'Hugging Face, BytedTsinghua-SIA/DAPO-Math-17k (data/dapo-math-17k.parquet)';
const USUAL = [
  'ais_bench/datasets/dapo-math-17k',
  'ais_bench/datasets/dapo_math_17k',
  'ais_bench/datasets/DAPO-Math-17k',
  'BytedTsinghua-SIA/DAPO-Math-17k',
];
const NAMES = ['dapo-math-17k.parquet', 'data/dapo-math-17k.parquet'];
const COLUMNS = ['data_source', 'prompt', 'ability', 'reward_model'];
const KEYS = ['file_name', 'unique'];

/**
 * Rows with the columns `prompt`, the text that a user would send, `answer`, `data_source` and `ability`. Keys of the config: `file_name`,
 * that of the Parquet file; `unique`, true to have each problem once, at its first place.
 */
export const DAPOMathDataset: DatasetType = {
  name: 'DAPOMathDataset',
  async load(options) {
    const isUnique = readUnique(options.params);
    const seen = new Set<string>();
    const test: Row[] = [];
    let count = 0;
    for await (const { row, where } of streamParquet(await fileOf(options), COLUMNS)) {
      const made = toRow(row, where);
      const problem = JSON.stringify([made['prompt'], made['answer']]);
      count++;
      if (isUnique && seen.has(problem)) continue;
      seen.add(problem);
      test.push(made);
    }
    const isTold = count > seen.size && !isUnique;
    const note = `${plural(count, 'row holds', 'rows hold')} ${plural(seen.size, 'problem')}; unique: true asks each once`;
    return { train: test, test, ...(isTold ? { notes: [note] } : {}) };
  },
};

async function fileOf({ path, roots, params }: LoadOptions): Promise<string> {
  const { file_name: named } = params;
  if (named !== undefined && typeof named !== 'string')
    throw badKey('file_name', named, "the name of a file, such as 'dapo-math-17k.parquet'");
  const names = named === undefined ? NAMES : [named];
  const paths = path === '' || USUAL.includes(path) ? [...new Set([path, ...USUAL])].filter(Boolean) : [path];
  const files = names.map((name) => [name]);
  const [file] = await findFiles(roots, { paths, files, source: DAPO_SOURCE });
  return file!;
}

function readUnique(params: LoadOptions['params']): boolean {
  const unknown = Object.keys(params).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw badKey(unknown, params[unknown], `only the keys ${KEYS.join(' and ')}`);
  const { unique = false } = params;
  if (typeof unique === 'boolean') return unique;
  throw badKey('unique', unique, 'true or false');
}

function badKey(key: string, value: unknown, wanted: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `the dataset config's ${key} is ${JSON.stringify(value)}`, {
    where: key,
    cure: `give ${wanted}`,
  });
}

/** Throws DSET-DATA-002 naming `where`. */
function toRow({ prompt, reward_model: reward, data_source, ability }: Row, where: string): Row {
  const messages = Array.isArray(prompt) ? (prompt as Row[]) : [];
  const { content } = messages.find((message) => message?.['role'] === 'user') ?? messages[0] ?? {};
  if (typeof content !== 'string') throw badRow(where, "its column 'prompt' holds no message of a user");
  const { ground_truth: truth } = (reward ?? {}) as Row;
  if (typeof truth !== 'string' && typeof truth !== 'number')
    throw badRow(where, "its column 'reward_model' holds no ground_truth");
  return { prompt: content, answer: String(truth), data_source, ability };
}

const SOURCE = 'github.com/openai/prm800k (prm800k/math_splits/test.jsonl, MIT licence)';
const DEFAULT_PATH = 'ais_bench/datasets/math';

/** A row's columns. */
interface MathRow extends Row {
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
