/**
 * WinoGrande, which of two words fills the gap: allenai/winogrande, CC BY. Files `dev.jsonl` (1,267 sentences, asked) and
 * `train_xs.jsonl` (worked examples), rows `{sentence, option1, option2, answer}`, the gap written `_`. Format unseen: no real
 * file was read with these classes.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions } from '../../contract/dataset.ts';
import { ifThere, splitNames, textIn } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { badRow, readJsonl, type ToRow } from '../read.ts';

const SOURCE = 'github.com/allenai/winogrande (winogrande_1.1.zip, CC BY)';
const USUAL = ['ais_bench/datasets/winogrande', 'ais_bench/datasets/winogrande_1.1'];
const TRAINS = ['train_xs', 'train_s', 'train_m', 'train_l', 'train_xl', 'train_debiased'];

/**
 * Rows with the columns `prompt` (the sentence), `only_option1`, `only_option2`, `opt1` and `opt2` (the sentence filled),
 * `cont` (what follows the gap) and `answer`: `1` or `2`.
 */
export const WinograndeDataset: DatasetType = {
  name: 'WinograndeDataset',
  load: (options) =>
    loadDev(
      options,
      toRow((answer) => answer),
    ),
};

/** As `WinograndeDataset`, with the letter A or B for `answer`, `NULL` where the file has none. */
export const WinograndeDatasetV2: DatasetType = {
  name: 'WinograndeDatasetV2',
  load: (options) => loadDev(options, toRow(letterOf)),
};

/** As `WinograndeDatasetV2`, with the rows of `train_xs.jsonl` as worked examples. */
export const WinograndeDatasetV3: DatasetType = {
  name: 'WinograndeDatasetV3',
  async load(options) {
    const own = { train: 'train_xs', test: 'dev', known: [...TRAINS, 'dev'] };
    const { train, test } = splitNames(options, own);
    const folder = await folderOf(options, test);
    const read = (file: string) => readJsonl(file, toRow(letterOf));
    return {
      train: await ifThere(join(folder, `${train}.jsonl`), read),
      test: await read(join(folder, `${test}.jsonl`)),
    };
  },
};

async function loadDev(options: LoadOptions, make: ToRow) {
  const rows = await readJsonl(join(await folderOf(options, 'dev'), 'dev.jsonl'), make);
  return { train: rows, test: rows };
}

function folderOf(options: LoadOptions, split: string): Promise<string> {
  return locateFolder(options, { files: [`${split}.jsonl`], source: SOURCE, usual: USUAL });
}

function letterOf(answer: string): string {
  return answer === '' ? 'NULL' : 'AB'[Number(answer) - 1]!;
}

/** Throws DSET-DATA-002 naming `where`. */
function toRow(told: (answer: string) => string): ToRow {
  return (row, where) => {
    const prompt = textIn(row, 'sentence', where);
    const [first, second] = [textIn(row, 'option1', where), textIn(row, 'option2', where)];
    const answer = textIn(row, 'answer', where);
    const cont = prompt.split('_')[1];
    if (cont === undefined) throw badRow(where, "its sentence has no gap '_'");
    if (!['', '1', '2'].includes(answer)) throw badRow(where, `its answer '${answer}' is neither 1 nor 2`);
    return {
      prompt,
      only_option1: first,
      only_option2: second,
      opt1: prompt.split('_').join(first),
      opt2: prompt.split('_').join(second),
      answer: told(answer),
      cont,
    };
  };
}
