/**
 * Social IQa, why people do what they do: Allen Institute for AI; no licence is stated. Files `dev.jsonl` (1,954 questions,
 * asked), `dev-labels.lst`, `train.jsonl`, `train-labels.lst`; rows `{context, question, answerA, answerB, answerC}`, labels 1
 * to 3. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row, Splits } from '../../contract/dataset.ts';
import { splitNames, textIn } from '../columns.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { badRow, readJsonl, readText } from '../read.ts';

// Datasets of the Mosaic leaderboards: `<split>.jsonl`, and a number a line in `<split>-labels.lst`.

interface LabelledFiles {
  readonly source: string;
  readonly usual: readonly string[];
  readonly toRow: (row: Row, label: number, where: string) => Row;
}

/** AISBench's names of the splits → the files'. */
const FILES: Readonly<Record<string, string>> = { train: 'train', validation: 'dev' };

/** Asks `dev`, shows `train`; a train split that is not there is empty. Throws as `DatasetType.load` does. */
async function loadLabelled(options: LoadOptions, { source, usual, toRow }: LabelledFiles): Promise<Splits> {
  const own = { train: 'train', test: 'validation', known: Object.keys(FILES) };
  const { train, test } = splitNames(options, own);
  const files = [`${FILES[test]}.jsonl`, `${FILES[test]}-labels.lst`];
  const folder = await locateFolder(options, { files, source, usual });
  const hasTrain = await fileExists(join(folder, `${FILES[train]}-labels.lst`));
  return {
    train: hasTrain ? await readLabelled(folder, FILES[train]!, toRow) : [],
    test: await readLabelled(folder, FILES[test]!, toRow),
  };
}

async function readLabelled(folder: string, name: string, toRow: LabelledFiles['toRow']): Promise<Row[]> {
  const file = join(folder, `${name}-labels.lst`);
  const labels = (await readText(file)).trimEnd().split(/\r?\n/);
  const rows = await readJsonl(join(folder, `${name}.jsonl`), (row, where) => ({ row, where }));
  if (rows.length !== labels.length)
    throw badRow(file, `it has ${labels.length} labels, and ${name}.jsonl ${rows.length} rows`);
  return rows.map(({ row: { id: _, ...row }, where }, i) => {
    const label = labels[i]!.trim();
    if (!/^-?\d+$/.test(label)) throw badRow(`${file}:${i + 1}`, `the label '${label}' is no whole number`);
    return toRow(row, Number(label), where);
  });
}

// PIQA, which of two ways reaches a goal: Academic Free License 3.0. Files `dev.jsonl` (1,838 goals, asked), `dev-labels.lst`,
// `train.jsonl`, `train-labels.lst`; rows `{goal, sol1, sol2}`, labels 0 and 1. Format unseen: no real file was read with
// these classes.

const PIQA_SOURCE = 'yonatanbisk.com/piqa (physicaliqa-train-dev.zip, Academic Free License 3.0)';
const PIQA_USUAL = ['ais_bench/datasets/physicaliqa-train-dev', 'ais_bench/datasets/piqa'];

/** Rows with the columns `goal`, `sol1`, `sol2` and `label`, 0 or 1. */
export const PIQADataset: DatasetType = piqa('PIQADataset', (row, label) => ({ ...row, label }));

/** Rows with the columns `goal`, `sol1`, `sol2` and `answer`: A, B, or `NULL` where the label is negative. */
export const PIQADatasetV2: DatasetType = piqa('PIQADatasetV2', (row, label) => ({
  ...row,
  answer: label < 0 ? 'NULL' : 'AB'[label],
}));

/** As `PIQADataset`, so written that goal and solution make one sentence, or two where the goal is one. */
export const PIQADatasetV3: DatasetType = piqa('PIQADatasetV3', (row, label) => {
  const goal = String(row['goal']);
  const turned = /[?.]$/.test(goal) ? upperFirst : lowerFirst;
  const [sol1, sol2] = [turned(String(row['sol1'])), turned(String(row['sol2']))];
  return { ...row, goal: upperFirst(goal), sol1, sol2, label };
});

function piqa(name: string, make: (row: Row, label: number) => Row): DatasetType {
  const toRow: LabelledFiles['toRow'] = (row, label, where) => {
    for (const column of ['goal', 'sol1', 'sol2']) textIn(row, column, where);
    if (label > 1) throw badRow(where, `its label ${label} is neither 0 nor 1`);
    return make(row, label);
  };
  return {
    name,
    load: (options) => loadLabelled(options, { source: PIQA_SOURCE, usual: PIQA_USUAL, toRow }),
  };
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

const SIQA_SOURCE = 'allenai.org/data/socialiqa (socialiqa-train-dev.zip, no licence stated)';
const SIQA_USUAL = ['ais_bench/datasets/siqa', 'ais_bench/datasets/socialiqa-train-dev'];
const LETTERS = ['A', 'B', 'C'] as const;

/**
 * Rows with the columns of the file, `label`, a letter, and `all_labels`: `{candidates, label}`, for each option the texts that
 * name it (`A. text`, `A`, `text`), and which option is right, from 0.
 */
export const siqaDataset_V2: DatasetType = {
  name: 'siqaDataset_V2',
  load: (options) => loadLabelled(options, { source: SIQA_SOURCE, usual: SIQA_USUAL, toRow: toSiqaRow }),
};

function toSiqaRow(row: Row, label: number, where: string): Row {
  for (const column of ['context', 'question']) textIn(row, column, where);
  const answers = LETTERS.map((letter) => textIn(row, `answer${letter}`, where));
  const letter = LETTERS[label - 1];
  if (letter === undefined) throw badRow(where, `its label ${label} is none of 1, 2, 3`);
  const candidates = LETTERS.map((own, i) => [`${own}. ${answers[i]}`, own, answers[i]]);
  return { ...row, all_labels: { candidates, label: label - 1 }, label: letter };
}
