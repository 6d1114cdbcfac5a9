import { dirname, resolve } from 'node:path';
import { seededRandom } from '../../basics/random.ts';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { readCsv } from '../csv.ts';
import { type Meta, outputLengths, readMeta, sampled } from '../custom/meta.ts';
import { type CustomKind, choiceReference, kindOf, optionsIn, toCustomRow } from '../custom/rows.ts';
import { candidateFiles, fileExists } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJson, readJsonl } from '../read.ts';
import { invalid } from '../synthetic/lengths.ts';

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

interface PlacedRow {
  readonly row: Row;
  readonly where: string;
}

async function readCustomFile(file: string): Promise<PlacedRow[]> {
  const placed = (row: Row, where: string) => ({ row, where });
  const rows = await readerFor(file)(file, placed);
  if (rows.length === 0) throw badRow(file, 'the file holds no rows');
  return rows;
}

function readerFor(file: string): typeof readCsv {
  const name = file.toLowerCase();
  if (name.endsWith('.parquet')) return readParquet;
  return name.endsWith('.csv') ? readCsv : readJsonl;
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
