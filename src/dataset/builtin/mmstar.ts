/**
 * MMStar, 1,500 choices of four that need their image, in six categories: Lin-Chen/MMStar on Hugging Face. Read from VLMEvalKit's
 * `MMStar.tsv`. Format unseen: no real file was read with this class.
 */
import { dirname } from 'node:path';
import type { DatasetType } from '../../contract/dataset.ts';
import { checkedLetter } from '../columns.ts';
import { readImageTsv } from '../image-tsv.ts';
import { locateFile } from '../locate.ts';
import { badRow } from '../read.ts';
import { choicesIn, hinted, imagesFirst, optionLines } from './image-questions.ts';

const SOURCE = 'opencompass.openxlab.space/utils/VLMEval/MMStar.tsv, of Lin-Chen/MMStar on Hugging Face';

/** Rows with the columns `content`, the image and the question with its options, and `answer`, `{answer, choices, groups: [category]}`. */
export const MMStarDataset: DatasetType = {
  name: 'MMStarDataset',
  async load({ path, roots }) {
    const given = path === '' ? 'ais_bench/datasets/mmstar' : path;
    const file = await locateFile(
      { path: given, roots },
      { file: 'MMStar.tsv', extension: '.tsv', source: SOURCE },
    );
    const { rows, notes } = await readImageTsv(file);
    const test = rows.map((found) => {
      const { row, images, where } = found;
      const { question, category } = row;
      if (question === undefined) throw badRow(where, 'it has no question');
      const choices = choicesIn(found);
      const answer = checkedLetter(row['answer'], Object.keys(choices).join(''), where);
      const words = `${hinted(found, question)}\n\n${optionLines(choices)}`;
      return {
        index: row['index'],
        content: imagesFirst(images.slice(0, 1), words),
        answer: { answer, choices, groups: category === undefined ? [] : [category] },
      };
    });
    return { train: [], test, folder: dirname(file), notes };
  },
};
