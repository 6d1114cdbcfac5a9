/**
 * IFEval and IFBench, prompts with instructions that a program can check: rows `{key, prompt, instruction_id_list, kwargs}`; other
 * copies write a null for each kwarg that an instruction has not. IFEval: google-research/instruction_following_eval, Apache-2.0,
 * file `input_data.jsonl`. IFBench: allenai/IFBench_test on Hugging Face, ODC-BY, 294 prompts, Parquet or `IFBench_test.jsonl`.
 */
import { join, posix } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { findFiles } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJsonl } from '../read.ts';

const SOURCE =
  'github.com/google-research/google-research (folder instruction_following_eval/data, Apache-2.0)';
const DEFAULT_PATH = 'ais_bench/datasets/ifeval';
const FILE = 'input_data.jsonl';

/** A row's columns. */
export interface IFEvalRow extends Row {
  readonly key: number | string;
  readonly prompt: string;
  /** `family:type` of each instruction. */
  readonly instruction_id_list: readonly string[];
  /** What each instruction requires, in their order, without nulls. */
  readonly kwargs: readonly Readonly<Record<string, unknown>>[];
}

/** Its path may be the folder, or a file of it. */
export const IFEvalDataset: DatasetType = {
  name: 'IFEvalDataset',
  reference: ({ key, instruction_id_list, kwargs, prompt }) => ({ key, instruction_id_list, kwargs, prompt }),
  async load({ path: given, roots }) {
    const path = given === '' ? DEFAULT_PATH : given.replaceAll('\\', '/');
    const file = path.endsWith('.jsonl') ? posix.basename(path) : FILE;
    const folder = path.endsWith('.jsonl') ? posix.dirname(path) : path;
    const place = await locateFolder({ path: folder, roots }, { files: [file], source: SOURCE });
    return { train: [], test: await readJsonl(posix.join(place, file), toIFEvalRow) };
  },
};

const IFBENCH_SOURCE = 'Hugging Face, allenai/IFBench_test (ODC-BY)';
const IFBENCH_PATH = 'ais_bench/datasets/ifbench';
const PARQUET = 'train-00000-of-00001.parquet';

/** Its path may be the folder, or a file of it. */
export const IFBenchDataset: DatasetType = {
  name: 'IFBenchDataset',
  reference: IFEvalDataset.reference!,
  async load({ path, roots }) {
    const paths = [path === '' ? IFBENCH_PATH : path, IFBENCH_PATH];
    const files = [
      [join('data', PARQUET)],
      [PARQUET],
      ['IFBench_test.jsonl'],
      [join('data', 'IFBench_test.jsonl')],
    ];
    const [file] = await findFiles(roots, { paths, files, source: IFBENCH_SOURCE });
    const read = file!.endsWith('.parquet') ? readParquet : readJsonl;
    return { train: [], test: await read(file!, toIFEvalRow) };
  },
};

/** Checks a row, and takes the nulls out of its kwargs. Throws DSET-DATA-002 naming `where`. */
export function toIFEvalRow(row: Row, where: string): IFEvalRow {
  const { key, prompt, instruction_id_list: ids, kwargs } = row;
  if (typeof key !== 'number' && typeof key !== 'string')
    throw badRow(where, "it has no number or text in column 'key'");
  if (typeof prompt !== 'string') throw badRow(where, "it has no text in column 'prompt'");
  if (!Array.isArray(ids) || ids.length === 0 || ids.some((id) => typeof id !== 'string')) {
    throw badRow(where, "it has no list of names in column 'instruction_id_list'");
  }
  if (!Array.isArray(kwargs) || kwargs.length !== ids.length || !kwargs.every(isObject)) {
    throw badRow(where, "it has no object for each instruction in column 'kwargs'");
  }
  return { ...row, key, prompt, instruction_id_list: ids, kwargs: kwargs.map(withoutNulls) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutNulls(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
