/**
 * GSM8K, grade-school word problems: openai/grade-school-math, MIT licence. Files `train.jsonl` (worked examples) and
 * `test.jsonl` (1,319 problems), rows `{question, answer}`.
 */
import { join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { badRow, readJsonl } from '../read.ts';

const SOURCE = 'github.com/openai/grade-school-math (folder grade_school_math/data, MIT licence)';
const DEFAULT_PATH = 'ais_bench/datasets/gsm8k';
const GOLD_MARK = '#### ';

/** A row's columns. */
export interface Gsm8kRow extends Row {
  readonly question: string;
  /** As in the file, with calculator annotations and a last line `#### N`. */
  readonly answer: string;
  /** The answer as a worked example shows it: no annotations, a last line `The answer is N`. */
  readonly worked: string;
  /** The number alone, thousands separators removed. */
  readonly gold: string;
}

export const GSM8KDataset: DatasetType = {
  name: 'GSM8KDataset',
  async load(options) {
    const path = options.path === '' ? DEFAULT_PATH : options.path;
    const wanted = { files: ['test.jsonl'], source: SOURCE };
    const folder = await locateFolder({ path, roots: options.roots }, wanted);
    const train = join(folder, 'train.jsonl');
    return {
      test: await readJsonl(join(folder, 'test.jsonl'), toGsm8kRow),
      // Only few-shot prompts need it; their retriever complains when it is not there.
      train: (await fileExists(train)) ? await readJsonl(train, toGsm8kRow) : [],
    };
  },
};

/** Checks a `{question, answer}` row and adds `worked` and `gold`. Throws DSET-DATA-002 naming `where`. */
export function toGsm8kRow(row: Row, where: string): Gsm8kRow {
  const { question, answer } = row;
  if (typeof question !== 'string') throw badRow(where, "it has no text in column 'question'");
  if (typeof answer !== 'string') throw badRow(where, "it has no text in column 'answer'");
  const [steps = ''] = answer.split(GOLD_MARK);
  if (steps === answer) throw badRow(where, `its answer has no line '${GOLD_MARK}N'`);
  const gold = gsm8kGold(answer);
  if (!/^-?\d+$/.test(gold)) throw badRow(where, `its answer '${gold}' is not an integer`);
  return { ...row, question, answer, worked: `${withoutAnnotations(steps)}The answer is ${gold}`, gold };
}

/** The number of an answer, `gsm8k_dataset_postprocess`: the text after the first `#### ` without commas; a text without it is a number already. */
export function gsm8kGold(answer: string): string {
  return (answer.split(GOLD_MARK)[1] ?? answer).replaceAll(',', '').trim();
}

function withoutAnnotations(steps: string): string {
  // An opening without its end is looked at once, with everything behind it on its line.
  return steps.replace(/<<[^\n]*?>>|<<[^\n]*/g, (found) => (found.endsWith('>>') ? '' : found));
}
