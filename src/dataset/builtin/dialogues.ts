/** ShareGPT: dialogues of people with a model, as one JSON list of `{id, conversations: [{from, value}, …]}`. */

import { plural } from '../../basics/plural.ts';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { locateFile } from '../locate.ts';
import { badRow, readJson, readJsonl } from '../read.ts';

// MT-Bench: dialogues of two turns, JSON lines `{question_id, prompt: [..], reference?: [..]}`.

const MTBENCH_DEFAULT_PATH = 'ais_bench/datasets/mtbench';
const MTBENCH_FILE = 'question.jsonl';
const MTBENCH_SOURCE = 'Hugging Face (dataset HuggingFaceH4/mt_bench_prompts, as JSON lines)';

/** Rows `{question_id, question: [..], answer: [..]}`, an element a turn; '' where there is no reference. */
export const MTBenchDataset: DatasetType = {
  name: 'MTBenchDataset',
  async load({ path, roots }) {
    const wanted = { file: MTBENCH_FILE, extension: '.jsonl', source: MTBENCH_SOURCE };
    const file = await locateFile({ path: path === '' ? MTBENCH_DEFAULT_PATH : path, roots }, wanted);
    return { train: [], test: await readJsonl(file, toMtBenchRow) };
  },
};

/** Also reads `turns`, as the benchmark's own file calls its prompts. Throws DSET-DATA-002. */
function toMtBenchRow(row: Row, where: string): Row {
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

const SHAREGPT_DEFAULT_PATH = 'ais_bench/datasets/sharegpt';
const SHAREGPT_FILE = 'ShareGPT_V3_unfiltered_cleaned_split.json';
const SHAREGPT_SOURCE = 'Hugging Face (dataset anon8231489123/ShareGPT_Vicuna_unfiltered)';
const HUMAN = 'human';

/** Rows `{id, question: [..], answer: [..]}`, an element a turn. `path` is the file, or the folder that holds it. */
export const ShareGPTDataset: DatasetType = {
  name: 'ShareGPTDataset',
  async load({ path, roots }) {
    const wanted = { file: SHAREGPT_FILE, extension: '.json', source: SHAREGPT_SOURCE };
    const file = await locateFile({ path: path === '' ? SHAREGPT_DEFAULT_PATH : path, roots }, wanted);
    const list = await readJson(file);
    if (!Array.isArray(list)) throw badRow(file, 'the file is no list of dialogues');
    const rows = list.map((one, i) => toDialogue(one, `${file}, dialogue ${i}`));
    const test = rows.filter((row) => row !== undefined);
    const dropped = rows.length - test.length;
    return { train: [], test, notes: dropped === 0 ? [] : [droppedNote(dropped, rows.length)] };
  },
};

/**
 * Undefined for what AISBench leaves out (§4.10): dialogues of fewer than two messages, of an odd number of them, and those
 * that the person does not begin. Throws DSET-DATA-002 for what is no dialogue.
 */
export function toDialogue(value: unknown, where: string): Row | undefined {
  const { id, conversations } = (value ?? {}) as { id?: unknown; conversations?: unknown };
  if (!Array.isArray(conversations)) throw badRow(where, "it has no list 'conversations'");
  const messages = conversations.map((one) => messageOf(one, where));
  if (messages.length < 2 || messages.length % 2 !== 0 || messages[0]!.from !== HUMAN) return undefined;
  const textsFrom = (side: number) =>
    messages.filter((_, i) => i % 2 === side).map(({ value: text }) => text);
  return { ...(id === undefined ? {} : { id }), question: textsFrom(0), answer: textsFrom(1) };
}

function messageOf(value: unknown, where: string): { from: string; value: string } {
  const { from, value: text } = (value ?? {}) as { from?: unknown; value?: unknown };
  if (typeof from !== 'string' || typeof text !== 'string')
    throw badRow(where, "a message has no texts 'from' and 'value'");
  return { from, value: text };
}

function droppedNote(dropped: number, all: number): string {
  return `${dropped} of ${plural(all, 'dialogue')} ${dropped === 1 ? 'is' : 'are'} left out: not pairs of question and answer, or not begun by the person`;
}
