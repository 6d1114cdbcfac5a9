/** Files of the user's own in any columns, and their own images, videos and sounds. */
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { framesUrl, isMediaUrl } from '../../contract/prompt-list.ts';
import { contentOf } from '../../prompt/media.ts';
import { candidateFiles, fileExists } from '../locate.ts';
import { checkMediaFile, type NamedFile } from '../media-files.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJson, readJsonl, readText } from '../read.ts';

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

type FilePlaces = Pick<LoadOptions, 'roots' | 'base'>;

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

async function fileAt(path: string, key: string, where: FilePlaces): Promise<string> {
  const places = path === '' ? [] : candidateFiles(path, where);
  for (const place of places) if (await fileExists(place)) return place;
  throw new AisBenchError(
    'DSET-FILE-001',
    path === '' ? `no ${key} is given` : `there is no file '${path}'`,
    {
      where: places.length === 0 ? key : `looked for ${places.join(', ')}`,
      cure: 'name a .jsonl, .json, .csv, .tsv or .parquet file, absolute or relative to where you start the command',
    },
  );
}

async function readFileRows(file: string, fields: Fields): Promise<Row[]> {
  const toRow = (row: Row, where: string) => renamed(row, fields, where);
  const rows = await readByEnding(file, toRow);
  if (rows.length === 0) throw badRow(file, 'the file holds no rows');
  return rows;
}

async function readByEnding(file: string, toRow: (row: Row, where: string) => Row): Promise<Row[]> {
  const ending = /\.[^.]*$/.exec(file.toLowerCase())?.[0];
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
