/**
 * ARC, science questions of schools, an easy and a hard set: Allen Institute for AI, CC BY-SA 4.0. Files
 * `ARC-Challenge-Test.jsonl`, `ARC-Easy-Test.jsonl` and the same with `Dev`, rows `{question: {stem, choices: [{text,
 * label}]}, answerKey}`. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { ifThere, splitNames, textIn, textParam } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { badRow, readJsonl } from '../read.ts';

const SOURCE = 'allenai.org/data/arc (ARC-V1-Feb2018-2.zip, CC BY-SA 4.0)';
const LETTERS = 'ABCD';

/**
 * Rows with the columns `question`, `textA` to `textD` and `answerKey`, a letter. Only questions with four choices, as in
 * AISBench: its counts are smaller than the authors'. The config's `name` is `ARC-Challenge` or `ARC-Easy`.
 */
export const ARCDataset: DatasetType = {
  name: 'ARCDataset',
  async load(options) {
    const name = textParam(options, 'name', 'ARC-Challenge');
    const own = { train: 'Dev', test: 'Test', known: ['Train', 'Dev', 'Test'] };
    const { train, test } = splitNames(options, own);
    const fileOf = (split: string) => `${name}-${split}.jsonl`;
    const usual = [
      `ais_bench/datasets/ARC/${name === 'ARC-Easy' ? 'ARC-e' : 'ARC-c'}`,
      `ais_bench/datasets/ARC/${name}`,
      `ais_bench/datasets/ARC-V1-Feb2018-2/${name}`,
    ];
    const folder = await locateFolder(options, { files: [fileOf(test)], source: SOURCE, usual });
    const read = (split: string) => ifThere(join(folder, fileOf(split)), (file) => readJsonl(file, toArcRow));
    const examples = (await read(train)).filter((row) => row !== undefined);
    const all = await read(test);
    const asked = all.filter((row) => row !== undefined);
    return { train: examples, test: asked, notes: noteOn(name, all.length, asked.length) };
  },
};

function noteOn(name: string, all: number, asked: number): string[] {
  if (all === asked) return [];
  return [
    `${name}: ${all - asked} of ${all} questions are left out, as in AISBench: they have not four choices`,
  ];
}

/** Undefined where there are not four choices. Throws DSET-DATA-002 naming `where`. */
function toArcRow({ question, answerKey }: Row, where: string): Row | undefined {
  const { stem, choices } = (question ?? {}) as Row;
  if (typeof stem !== 'string' || !Array.isArray(choices))
    throw badRow(where, 'its question has no stem or no choices');
  if (choices.length !== LETTERS.length) return undefined;
  const all = choices.map((choice: unknown) => (choice ?? {}) as Row);
  const answer = all.findIndex(({ label }) => label === answerKey);
  if (answer < 0) throw badRow(where, `no choice has the label ${JSON.stringify(answerKey)}, its answerKey`);
  const texts = all.map((choice, i) => [`text${LETTERS[i]}`, textIn(choice, 'text', where)]);
  return { question: stem, answerKey: LETTERS[answer], ...Object.fromEntries(texts) };
}
