/** MT-Bench: dialogues of two turns, JSON lines `{question_id, prompt: [..], reference?: [..]}`. */

import type { DatasetType, Row } from '../../contract/dataset.ts';
import { locateFile } from '../locate.ts';
import { badRow, readJsonl } from '../read.ts';

const DEFAULT_PATH = 'ais_bench/datasets/mtbench';
const FILE = 'question.jsonl';
const SOURCE = 'Hugging Face (dataset HuggingFaceH4/mt_bench_prompts, as JSON lines)';

/** Rows `{question_id, question: [..], answer: [..]}`, an element a turn; '' where there is no reference. */
export const MTBenchDataset: DatasetType = {
  name: 'MTBenchDataset',
  async load({ path, roots }) {
    const wanted = { file: FILE, extension: '.jsonl', source: SOURCE };
    const file = await locateFile({ path: path === '' ? DEFAULT_PATH : path, roots }, wanted);
    return { train: [], test: await readJsonl(file, toMtBenchRow) };
  },
};

/** Also reads `turns`, as the benchmark's own file calls its prompts. Throws DSET-DATA-002. */
export function toMtBenchRow(row: Row, where: string): Row {
  const prompts = row['prompt'] ?? row['turns'];
  if (!isTexts(prompts) || prompts.length === 0) throw badRow(where, "it has no list of texts 'prompt'");
  const reference = row['reference'] ?? [];
  if (!isTexts(reference) || reference.length > prompts.length)
    throw badRow(where, "its 'reference' is no list of texts, or longer than 'prompt'");
  return { ...row, question: prompts, answer: prompts.map((_, turn) => reference[turn] ?? '') };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
