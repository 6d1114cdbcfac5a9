/**
 * HumanEval, functions to be completed: openai/human-eval, MIT licence. One file of 164 rows, plain or packed by gzip:
 * `{task_id, prompt, entry_point, canonical_solution, test}`.
 */

import type { DatasetType, Row } from '../../contract/dataset.ts';
import { badRow, readJsonl } from '../read.ts';
import { locateOneOf } from './code-files.ts';

const SOURCE = 'github.com/openai/human-eval (folder data, MIT licence)';
const DEFAULT_PATH = 'ais_bench/datasets/humaneval';
/** As it is published, as it calls itself inside, and unpacked. */
const NAMES = ['HumanEval.jsonl', 'HumanEval.jsonl.gz', 'human-eval-v2-20210705.jsonl'];

export const HumanevalDataset: DatasetType = {
  name: 'HumanevalDataset',
  reference: ({ prompt, test, entry_point }) => ({ prompt, test, entry_point }),
  async load({ path, roots }) {
    const place = { path: path === '' ? DEFAULT_PATH : path, roots };
    const file = await locateOneOf(place, { names: NAMES, source: SOURCE });
    return { train: [], test: await readJsonl(file, toHumanevalRow) };
  },
};

/** Checks the columns. Throws DSET-DATA-002 naming `where`. */
export function toHumanevalRow(row: Row, where: string): Row {
  for (const column of ['task_id', 'prompt', 'entry_point', 'test']) {
    if (typeof row[column] !== 'string') throw badRow(where, `it has no text in column '${column}'`);
  }
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(String(row['entry_point']))) {
    throw badRow(where, `its entry_point '${String(row['entry_point'])}' is not a name`);
  }
  return row;
}
