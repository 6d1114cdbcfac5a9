/**
 * Any file of rows, so that a benchmark needs no code: JSON lines, a JSON list, CSV or TSV with a header, Parquet. Keys of the config:
 * `path` (questions), `train_path` (worked examples), `fields` (column → the file's own name of it, `a.b` for one inside another).
 */
import { dirname } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { candidateFiles, fileExists } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJson, readJsonl, readText } from '../read.ts';

const KEYS = ['train_path', 'fields'];

export const FileDataset: DatasetType = {
  name: 'FileDataset',
  async load({ path, params, roots, base }) {
    const unknown = Object.keys(params).find((key) => !KEYS.includes(key));
    if (unknown !== undefined)
      throw wrong(unknown, 'FileDataset has no such key', `only: ${KEYS.join(', ')}`);
    const fields = fieldsOf(params['fields']);
    const file = await fileAt(path, 'path', { roots, base });
    const train = await trainFile(params['train_path'], file, { roots, base });
    return {
      folder: dirname(file),
      test: await readRows(file, fields),
      train: train === undefined ? [] : await readRows(train, fields),
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

async function readRows(file: string, fields: Fields): Promise<Row[]> {
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
