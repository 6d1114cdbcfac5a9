/** Data of the user's own: questions of a custom dataset with its meta file, files in any columns, images, videos and sounds. */
import { dirname, posix, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { between, pick, type Random, seededRandom, shuffledOrder } from '../../basics/random.ts';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { framesUrl, isMediaUrl } from '../../contract/prompt-list.ts';
import { contentOf } from '../../prompt/media.ts';
import { candidateFiles, fileExists } from '../locate.ts';
import { checkMediaFile, type NamedFile } from '../media-files.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJson, readJsonl, readText, type ToRow } from '../read.ts';
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

const CUSTOM_KEYS = ['meta_path', 'data_type', 'seed', 'file_name'];

/**
 * A file of one's own, JSON lines, CSV or Parquet: `question`, `answer?`, options `A`, `B`, …, `max_tokens?`; beside it a meta file
 * `<file>.meta.json` (AISBench §4.8, docs/datasets.md). With `file_name`, `path` is its folder, and rows without a question stay as
 * they are.
 */
export const CustomDataset: DatasetType = {
  name: 'CustomDataset',
  reference: choiceReference,
  async load(options) {
    const { params } = options;
    const unknown = Object.keys(params).find((key) => !CUSTOM_KEYS.includes(key));
    if (unknown !== undefined) throw invalid(unknown, params[unknown], `only: ${CUSTOM_KEYS.join(', ')}`);
    const { file_name: named } = params;
    if (named !== undefined && named !== null && (typeof named !== 'string' || named === ''))
      throw invalid('file_name', named, "a file below path, such as 'test.jsonl'");
    const file = await (typeof named === 'string'
      ? benchmarkFile(named, options)
      : ownFile(options, OWN_FILE));
    const raw = await readCustomFile(file);
    // A benchmark's file that AISBench reads by this class has columns of its own.
    if (
      typeof named === 'string' &&
      params['data_type'] === undefined &&
      raw[0]!.row['question'] === undefined
    )
      return { train: [], test: raw.map(({ row }) => row), folder: dirname(file) };
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

const OWN_FILE = {
  key: 'path',
  missing: 'no dataset file is given',
  cure: 'give a .jsonl, .csv or .parquet file with --custom-dataset-path, or as the path of the dataset config, absolute or relative to where you start the command',
};

/** Files that AISBench renames, as they are published and `ais_bench datasets pull` puts them. */
const PUBLISHED: Readonly<Record<string, readonly string[]>> = {
  'test_prm800k_500.jsonl': ['math/test.jsonl', 'math500/test.jsonl'],
};

/** Finds a benchmark's file in the folder `path`, or under its published name. Throws DSET-FILE-001. */
async function benchmarkFile(name: string, { path, roots, base }: LoadOptions): Promise<string> {
  const published = Object.hasOwn(PUBLISHED, name) ? PUBLISHED[name]! : [];
  const places = [
    ...candidateFiles(posix.join(path, name), { roots, base }),
    ...roots.flatMap((root) => published.map((one) => resolve(root, one))),
  ];
  for (const place of places) if (await fileExists(place)) return place;
  throw new AisBenchError('DSET-FILE-001', `there is no file '${posix.join(path, name)}'`, {
    where: `looked for ${places.join(', ')}`,
    cure: "put the benchmark's file there, or correct the dataset config's path and file_name",
  });
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

// Any file of rows, so that a benchmark needs no code: JSON lines, a JSON list, CSV or TSV with a header, Parquet. Keys of the config:
// `path` (questions), `train_path` (worked examples), `fields` (column → the file's own name of it, `a.b` for one inside another).

const FILE_KEYS = ['train_path', 'fields'];

export const FileDataset: DatasetType = {
  name: 'FileDataset',
  async load({ path, params, roots, base }) {
    const unknown = Object.keys(params).find((key) => !FILE_KEYS.includes(key));
    if (unknown !== undefined)
      throw wrong(unknown, 'FileDataset has no such key', `only: ${FILE_KEYS.join(', ')}`);
    const fields = fieldsOf(params['fields']);
    const file = await fileAt(path, 'path', { roots, base });
    const train = await trainFile(params['train_path'], file, { roots, base });
    return {
      folder: dirname(file),
      test: await readFileRows(file, fields),
      train: train === undefined ? [] : await readFileRows(train, fields),
    };
  },
};

/** Where a file of the user's own is looked for. */
export type FilePlaces = Pick<LoadOptions, 'roots' | 'base'>;

type Fields = Readonly<Record<string, string>>;

function fieldsOf(value: unknown): Fields {
  if (value === undefined) return {};
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isTable && Object.values(value).every((name) => typeof name === 'string')) return value as Fields;
  throw wrong('fields', 'it is no table of names', 'write fields: { question: "the name in the file" }');
}

async function trainFile(
  value: unknown,
  test: string,
  { roots, base }: FilePlaces,
): Promise<string | undefined> {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw wrong('train_path', 'it is no text', 'give a file');
  return fileAt(value, 'train_path', { roots: [...roots, dirname(test)], base });
}

function fileAt(path: string, key: string, where: FilePlaces): Promise<string> {
  return ownFile(
    { path, ...where },
    {
      key,
      missing: `no ${key} is given`,
      cure: 'name a .jsonl, .json, .csv, .tsv or .parquet file, absolute or relative to where you start the command',
    },
  );
}

/** Finds a file of the user's own. Throws DSET-FILE-001. */
async function ownFile(
  { path, ...where }: FilePlaces & { readonly path: string },
  { key, missing, cure }: { readonly key: string; readonly missing: string; readonly cure: string },
): Promise<string> {
  const places = path === '' ? [] : candidateFiles(path, where);
  for (const place of places) if (await fileExists(place)) return place;
  throw new AisBenchError('DSET-FILE-001', path === '' ? missing : `there is no file '${path}'`, {
    where: places.length === 0 ? key : `looked for ${places.join(', ')}`,
    cure,
  });
}

async function readFileRows(file: string, fields: Fields): Promise<Row[]> {
  const toRow = (row: Row, where: string) => renamed(row, fields, where);
  const rows = await readByEnding(file, toRow);
  if (rows.length === 0) throw badRow(file, 'the file holds no rows');
  return rows;
}

/** Reads a file of rows by its ending. Throws DSET-DATA-002. */
export async function readByEnding(
  file: string,
  toRow: (row: Row, where: string) => Row,
  ending = /\.[^.]*$/.exec(file.toLowerCase())?.[0],
): Promise<Row[]> {
  if (ending === '.csv') return (await import('../csv.ts')).readCsv(file, toRow);
  if (ending === '.parquet') return readParquet(file, toRow);
  if (ending === '.tsv') return tsvRows(await readText(file), file, toRow);
  if (ending !== '.json') return readJsonl(file, toRow);
  const list = await readJson(file);
  if (!Array.isArray(list)) throw badRow(file, 'it is no list of rows');
  return list.map((row: unknown, n) => {
    const where = `${file}, row ${n + 1}`;
    if (typeof row !== 'object' || row === null || Array.isArray(row)) throw badRow(where, 'it is no object');
    return toRow(row as Row, where);
  });
}

/** A tab cannot stand in a field, and nothing is quoted. */
function tsvRows(text: string, file: string, toRow: (row: Row, where: string) => Row): Row[] {
  const [head = '', ...lines] = text.split(/\r?\n/);
  const columns = head.split('\t');
  return lines.flatMap((line, n) => {
    if (line === '') return [];
    const where = `${file}:${n + 2}`;
    const cells = line.split('\t');
    if (cells.length !== columns.length)
      throw badRow(where, `it has ${cells.length} fields, and the header names ${columns.length} columns`);
    return [toRow(Object.fromEntries(columns.map((name, i) => [name, cells[i]])), where)];
  });
}

function renamed(row: Row, fields: Fields, where: string): Row {
  const own = Object.entries(fields).map(([column, name]) => {
    const value = valueAt(row, name);
    if (value === undefined) throw badRow(where, `it has no '${name}', which fields.${column} names`);
    return [column, value] as const;
  });
  return own.length === 0 ? row : { ...row, ...Object.fromEntries(own) };
}

function valueAt(row: Row, name: string): unknown {
  if (Object.hasOwn(row, name)) return row[name];
  return name.split('.').reduce<unknown>((value, key) => {
    const isTable = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
    return isTable ? (value as Row)[key] : undefined;
  }, row);
}

function wrong(key: string, why: string, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `${key}: ${why}`, { where: key, cure });
}

// Images, video and audio of one's own (AISBench §4.8): a JSON Lines file with rows
// `{type: 'image' | 'video' | 'audio', path: '…' or ['…'], question, answer}`. A row becomes the one text of segments that an
// `MMPromptTemplate` takes apart. Files stay where they are: the row has their URLs.

const MEDIA_DEFAULT_PATH = 'ais_bench/datasets/mm_custom.jsonl';
const DEFAULT_FRAMES = 5;
const MEDIA_KINDS = ['image', 'video', 'audio'] as const;
const MM_TYPES = ['path', 'base64'] as const;

interface MediaOptions {
  /** Whether a service is sent the file's URL, or the file. */
  readonly mmType: (typeof MM_TYPES)[number];
  /** Most frames of a video that is given as images. */
  readonly numFrames: number;
}

/** A row's columns. */
interface MmRow extends Row {
  readonly content: string;
  /** Read by what sends the row: `base64` puts its files into the request. */
  readonly mm_type: MediaOptions['mmType'];
  readonly answer: unknown;
}

export const MMCustomDataset: DatasetType = {
  name: 'MMCustomDataset',
  async load(options) {
    const settings = readSettings(options.params);
    const file = await locateFile(options);
    const named: NamedFile[] = [];
    const test = await readJsonl(file, (row, where) => toMmRow(row, where, file, settings, named));
    const folder = dirname(file);
    const roots = [folder, ...(options.mediaRoots ?? [])];
    for (const one of named) await checkMediaFile(one, roots);
    return { train: [], test, folder };
  },
};

/** Throws UTILS-CFG-002 for a value that means nothing. */
function readSettings({
  mm_type = 'path',
  num_frames = DEFAULT_FRAMES,
}: LoadOptions['params']): MediaOptions {
  const mmType = MM_TYPES.find((one) => one === mm_type);
  if (mmType === undefined) throw badSetting('mm_type', mm_type, `use one of: ${MM_TYPES.join(', ')}`);
  if (!Number.isInteger(num_frames) || (num_frames as number) < 1) {
    throw badSetting('num_frames', num_frames, 'give a whole number from 1 on');
  }
  return { mmType, numFrames: num_frames as number };
}

function badSetting(name: string, value: unknown, cure: string): AisBenchError {
  return new AisBenchError('UTILS-CFG-002', `${name} is ${JSON.stringify(value)}`, { where: name, cure });
}

/** An absolute path as it is; a relative one below the folders of datasets, in full or by its name, then from where we are. */
async function locateFile({ path, roots, base }: LoadOptions): Promise<string> {
  const wanted = path === '' ? MEDIA_DEFAULT_PATH : path;
  const places = candidateFiles(wanted, { roots, base });
  for (const place of places) if (await fileExists(place)) return place;
  throw new AisBenchError('DSET-FILE-001', `the dataset file '${wanted}' is not there`, {
    where: `looked for ${places.join(', ')}`,
    cure: "put your rows there, or give the dataset config's path (docs/multimodal.md)",
  });
}

function toMmRow(row: Row, where: string, file: string, settings: MediaOptions, named: NamedFile[]): MmRow {
  const { type, path, question, answer = '' } = row;
  const kind = MEDIA_KINDS.find((one) => one === type);
  if (kind === undefined)
    throw badRow(where, `its type is ${JSON.stringify(type)}, not ${MEDIA_KINDS.join(', ')}`);
  if (typeof question !== 'string') throw badRow(where, "it has no text in column 'question'");
  const urls = pathsIn(path, where).map((one) => urlOf(one, dirname(file)));
  const isFrames = kind === 'video' && urls.every((url) => /\.(jpe?g|png|webp|bmp|gif)$/i.test(url));
  if (isFrames && !urls.every((url) => url.startsWith('file://'))) {
    throw badRow(where, 'the frames of a video must be files');
  }
  const media = isFrames ? [framesUrl(spread(urls, settings.numFrames))] : urls;
  const isInlined = isFrames || settings.mmType === 'base64';
  named.push(...urls.filter((url) => url.startsWith('file://')).map((url) => ({ url, where, isInlined })));
  const segments = [...media.map((value) => ({ kind, value })), { kind: 'text' as const, value: question }];
  return { ...row, answer, content: contentOf(segments), mm_type: settings.mmType };
}

function pathsIn(path: unknown, where: string): readonly string[] {
  const paths: unknown[] = Array.isArray(path) ? path : [path];
  if (paths.length > 0 && paths.every((one) => typeof one === 'string' && one !== ''))
    return paths as string[];
  throw badRow(where, "its column 'path' is neither a text nor a list of texts");
}

function urlOf(path: string, folder: string): string {
  return isMediaUrl(path) ? path : pathToFileURL(resolve(folder, path)).href;
}

/** At most `most` elements, evenly spread, the first and the last among them. */
export function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const step = most === 1 ? 0 : (all.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => all[Math.round(i * step)]!);
}
