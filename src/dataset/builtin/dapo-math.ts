/**
 * DAPO-Math-17k, problems of competitions with whole numbers for answers: BytedTsinghua-SIA/DAPO-Math-17k on Hugging Face, Apache 2.0. One
 * Parquet file of rows `{data_source, prompt: [{role, content}], ability, reward_model: {ground_truth, style}, extra_info}`, some 17,000
 * problems of which each is there about a hundred times. Format unseen: no real file was read with this class.
 */

import { plural } from '../../basics/plural.ts';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { streamParquet } from '../parquet.ts';
import { badRow } from '../read.ts';
import { findFiles } from './find-files.ts';

const SOURCE = 'Hugging Face, BytedTsinghua-SIA/DAPO-Math-17k (data/dapo-math-17k.parquet)';
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
 * that of the Parquet file; `unique`, true to have each problem once, where it first stands.
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
  const [file] = await findFiles(roots, { paths, files, source: SOURCE });
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
