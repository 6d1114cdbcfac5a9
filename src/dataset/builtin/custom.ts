import { dirname, resolve } from 'node:path';
import { between, pick, type Random, seededRandom, shuffledOrder } from '../../basics/random.ts';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { candidateFiles, fileExists } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJson, readJsonl, type ToRow } from '../read.ts';
import { invalid, record, wholeNumber } from '../synthetic/lengths.ts';

// The meta file of a custom dataset (AISBench §4.8): how many requests, in which order, with answers of which length.

interface Meta {
  /** Absent: as many as there are rows. */
  readonly requestCount: number | undefined;
  /** `default`: in order, again from the start where more are asked for; `shuffle`: those, shuffled; `random`: drawn. */
  readonly sampling: 'default' | 'random' | 'shuffle';
  /** Takes the place of the rows' own limits. */
  readonly output: OutputLengths | undefined;
}

type OutputLengths =
  | { readonly method: 'uniform'; readonly min: number; readonly max: number }
  | { readonly method: 'percentage'; readonly shares: readonly (readonly [tokens: number, share: number])[] };

const META_KEYS = ['request_count', 'sampling_mode', 'output_config'];
const SAMPLING = ['default', 'random', 'shuffle'] as const;
const LARGEST = 2 ** 31;

/** Reads a meta file's content. Throws UTILS-CFG-002 naming file and key. */
export function readMeta(value: unknown, file: string): Meta {
  const meta = record(value, file);
  const unknown = Object.keys(meta).find((key) => !META_KEYS.includes(key));
  if (unknown !== undefined)
    throw invalid(`${file}: ${unknown}`, meta[unknown], `only: ${META_KEYS.join(', ')}`);
  const { request_count: count, sampling_mode: sampling = 'default', output_config: output } = meta;
  const mode = SAMPLING.find((one) => one === sampling);
  if (mode === undefined) throw invalid(`${file}: sampling_mode`, sampling, SAMPLING.join(', '));
  return {
    requestCount:
      count === undefined
        ? undefined
        : wholeNumber(numberIn(count), `${file}: request_count`, { min: 1, max: LARGEST }),
    sampling: mode,
    output: output === undefined ? undefined : readOutput(output, `${file}: output_config`),
  };
}

/** AISBench takes numbers as texts too. */
function numberIn(value: unknown): unknown {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

function readOutput(value: unknown, where: string): OutputLengths {
  const { method, params: given } = record(value, where);
  const params = record(given, `${where}.params`);
  if (method === 'uniform') {
    const limit = (key: string) =>
      wholeNumber(numberIn(params[key]), `${where}.params.${key}`, { min: 1, max: LARGEST });
    const [min, max] = [limit('min_value'), limit('max_value')];
    if (min > max) throw invalid(`${where}.params.min_value`, min, 'at most max_value');
    return { method, min, max };
  }
  if (method !== 'percentage') throw invalid(`${where}.method`, method, 'uniform or percentage');
  return {
    method,
    shares: readShares(params['percentage_distribute'], `${where}.params.percentage_distribute`),
  };
}

function readShares(value: unknown, where: string): (readonly [number, number])[] {
  const isShare = (one: unknown): one is [number, number] =>
    Array.isArray(one) &&
    one.length === 2 &&
    Number.isInteger(one[0]) &&
    one[0] >= 1 &&
    one[1] > 0 &&
    one[1] <= 1;
  if (!Array.isArray(value) || value.length === 0 || !value.every(isShare))
    throw invalid(where, value, 'a list of [max_tokens, share], shares above 0 and at most 1');
  const sum = value.reduce((total, [, share]) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-9) throw invalid(where, value, `shares that sum up to 1, not ${sum}`);
  return value;
}

/** The rows that are asked. `rows` must not be empty. */
export function sampled(
  rows: readonly Row[],
  { requestCount = rows.length, sampling }: Meta,
  random: Random,
): Row[] {
  if (sampling === 'random') return Array.from({ length: requestCount }, () => pick(random, rows));
  const cyclic = Array.from({ length: requestCount }, (_, i) => rows[i % rows.length]!);
  return sampling === 'shuffle' ? shuffledOrder(requestCount, random).map((i) => cyclic[i]!) : cyclic;
}

/**
 * `count` limits. Of a percentage each share has exactly ⌊share · count⌋ requests and the last what is left over, in an order that
 * mixes them.
 */
export function outputLengths(output: OutputLengths, count: number, random: Random): number[] {
  if (output.method === 'uniform')
    return Array.from({ length: count }, () => between(random, output.min, output.max));
  const { shares } = output;
  // 0.29 · 100 is a little less than 29.
  const lengths = shares
    .slice(0, -1)
    .flatMap(([tokens, share]) => filled(tokens, Math.floor(share * count + 1e-9)));
  lengths.push(...filled(shares.at(-1)![0], count - lengths.length));
  return shuffledOrder(count, random).map((i) => lengths[i]!);
}

function filled(tokens: number, times: number): number[] {
  return new Array<number>(times).fill(tokens);
}

// Rows of a custom dataset file (AISBench §4.8).

type CustomKind = 'mcq' | 'qa';

/** Names of option columns: A, B, C, … without a gap. */
function optionsIn(row: Row): string[] {
  const letters: string[] = [];
  for (let code = 65; code <= 90; code++) {
    const letter = String.fromCharCode(code);
    if (!Object.hasOwn(row, letter)) break;
    letters.push(letter);
  }
  return letters;
}

/** Multiple choice, if a row has at least the options A and B. */
function kindOf(row: Row): CustomKind {
  return optionsIn(row).length >= 2 ? 'mcq' : 'qa';
}

/**
 * Checks a row and adds `choices`: the options, a line each, for multiple choice, else ''. `max_tokens` becomes `max_out_len`; a
 * row without an answer has ''. Throws DSET-DATA-002 naming `where`.
 */
function toCustomRow(row: Row, where: string, kind: CustomKind): Row {
  const { question, answer = '', max_tokens, ...rest } = row;
  if (typeof question !== 'string' || question === '')
    throw badRow(where, "it has no text in column 'question'");
  const options = kind === 'mcq' ? optionsIn(row) : [];
  if (kind === 'mcq' && options.length < 2) throw badRow(where, "it has no options in columns 'A' and 'B'");
  const limit = max_tokens ?? rest['max_out_len'];
  if (
    limit !== undefined &&
    limit !== '' &&
    limit !== null &&
    !(Number.isInteger(Number(limit)) && Number(limit) > 0)
  )
    throw badRow(where, `its 'max_tokens' is ${JSON.stringify(limit)}, no whole number ≥ 1`);
  return {
    ...rest,
    question,
    answer,
    choices: options.map((letter) => `${letter}. ${String(row[letter])}\n`).join(''),
    ...(limit === undefined ? {} : { max_out_len: limit }),
  };
}

/** What scoring needs of a row with options: the right one and the text of each, null where the row has none. */
function choiceReference(row: Row): unknown {
  if (row['choices'] === '' || row['choices'] === undefined) return undefined;
  const { answer } = row;
  return {
    answer,
    options: Object.fromEntries(optionsIn(row).map((letter) => [letter, row[letter] ?? null])),
  };
}

const KEYS = ['meta_path', 'data_type', 'seed'];

/**
 * A file of one's own, JSON lines, CSV or Parquet: `question`, `answer?`, options `A`, `B`, …, `max_tokens?`; beside it a meta file
 * `<file>.meta.json` (AISBench §4.8, docs/datasets.md).
 */
export const CustomDataset: DatasetType = {
  name: 'CustomDataset',
  reference: choiceReference,
  async load(options) {
    const { params } = options;
    const unknown = Object.keys(params).find((key) => !KEYS.includes(key));
    if (unknown !== undefined) throw invalid(unknown, params[unknown], `only: ${KEYS.join(', ')}`);
    const file = await fileOf(options);
    const raw = await readCustomFile(file);
    const kind = readKind(params['data_type']) ?? kindOf(raw[0]!.row);
    const rows = raw.map(({ row, where }) => toCustomRow(row, where, kind));
    const meta = await metaOf(file, params['meta_path'], options.base);
    const test = meta === undefined ? rows : arranged(rows, meta, String(params['seed'] ?? 0));
    return { train: [], test, folder: dirname(file) };
  },
};

/**
 * What a file of one's own holds, as its first row tells: whether it is multiple choice, the letters of the options, and whether
 * it has answers. Throws as `load` does.
 */
export async function inspectCustomFile(
  file: string,
): Promise<{ kind: CustomKind; options: string; hasAnswers: boolean }> {
  const [first] = await readCustomFile(file);
  const { row } = first!;
  return { kind: kindOf(row), options: optionsIn(row).join(''), hasAnswers: Object.hasOwn(row, 'answer') };
}

interface CustomRowAt {
  readonly row: Row;
  readonly where: string;
}

async function readCustomFile(file: string): Promise<CustomRowAt[]> {
  const placed = (row: Row, where: string) => ({ row, where });
  const read = await readerFor(file);
  const rows = await read(file, placed);
  if (rows.length === 0) throw badRow(file, 'the file holds no rows');
  return rows;
}

async function readerFor(file: string): Promise<<T>(file: string, toRow: ToRow<T>) => Promise<T[]>> {
  const name = file.toLowerCase();
  if (name.endsWith('.parquet')) return readParquet;
  return name.endsWith('.csv') ? (await import('../csv.ts')).readCsv : readJsonl;
}

async function fileOf({ path, roots, base }: LoadOptions): Promise<string> {
  const places = path === '' ? [] : candidateFiles(path, { roots, base });
  for (const place of places) if (await fileExists(place)) return place;
  throw new AisBenchError(
    'DSET-FILE-001',
    path === '' ? 'no dataset file is given' : `there is no file '${path}'`,
    {
      where: places.length === 0 ? 'path' : `looked for ${places.join(', ')}`,
      cure: 'give a .jsonl, .csv or .parquet file with --custom-dataset-path, or as the path of the dataset config, absolute or relative to where you start the command',
    },
  );
}

function readKind(value: unknown): CustomKind | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (value === 'mcq' || value === 'qa') return value;
  throw invalid('data_type', value, 'mcq or qa');
}

async function metaOf(file: string, given: unknown, base = dirname(file)): Promise<Meta | undefined> {
  if (given !== undefined && typeof given !== 'string') throw invalid('meta_path', given, 'a file');
  const path = given === undefined || given === '' ? `${file}.meta.json` : resolve(base, given);
  if (!given && !(await fileExists(path))) return undefined;
  return readMeta(await readJson(path), path);
}

function arranged(rows: readonly Row[], meta: Meta, seed: string): Row[] {
  const asked = sampled(rows, meta, seededRandom(`${seed}:rows`));
  if (meta.output === undefined) return asked;
  const lengths = outputLengths(meta.output, asked.length, seededRandom(`${seed}:lengths`));
  return asked.map((row, i) => ({ ...row, max_out_len: lengths[i] }));
}
