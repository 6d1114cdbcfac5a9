/**
 * DocVQA and InfographicVQA, questions whose answer is read off a page: Computer Vision Center Barcelona and others. Read from VLMEvalKit's
 * TSV files of their validation splits, `DocVQA_VAL.tsv` (5,349 questions) and `InfoVQA_VAL.tsv` (2,801). Format unseen: no real
 * file was read with these classes.
 */
import { dirname } from 'node:path';
import type { DatasetType } from '../../contract/dataset.ts';
import { pythonTexts } from '../../python-data/texts.ts';
import { markOf } from '../columns.ts';
import { readImageTsv } from '../image-tsv.ts';
import { locateFile } from '../locate.ts';
import { badRow } from '../read.ts';
import { imagesFirst } from './image-questions.ts';

const HOW = 'Answer in one word or a short phrase, as it stands in the image.';

/** Rows with the columns `content`, the page and the question, and `answer`, the texts that are right. */
export const DocVQADataset: DatasetType = ofPages('DocVQADataset', 'DocVQA');
export const InfoVQADataset: DatasetType = ofPages('InfoVQADataset', 'InfoVQA');

function ofPages(name: string, folder: string): DatasetType {
  const file = `${folder}_VAL.tsv`;
  const source = `opencompass.openxlab.space/utils/VLMEval/${file}, of rrc.cvc.uab.es`;
  return {
    name,
    // Several questions are asked about one page.
    source: ({ page }) => String(page),
    async load({ path, roots }) {
      const given = path === '' ? `ais_bench/datasets/${folder}` : path;
      const found = await locateFile({ path: given, roots }, { file, extension: '.tsv', source });
      const { rows, notes } = await readImageTsv(found);
      const test = rows.map(({ row, images, where }) => {
        const { index, question, answer } = row;
        if (question === undefined) throw badRow(where, 'it has no question');
        if (answer === undefined) throw badRow(where, 'it has no answer: its split is a test split');
        const answers = pythonTexts(answer) ?? [answer];
        if (answers.length === 0) throw badRow(where, 'its list of answers is empty');
        const content = imagesFirst(images, `${question}\n${HOW}`);
        return { index, content, answer: answers, page: markOf(images.join(' ')) };
      });
      return { train: [], test, folder: dirname(found), notes };
    },
  };
}
