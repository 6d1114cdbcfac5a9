/**
 * XSum, articles of the BBC and the one sentence that each begins with: University of Edinburgh; no licence is stated for the texts. Read
 * as OpenCompass has it, `dev.jsonl`, rows `{dialogue, summary}`; rows `{document, summary}` of Hugging Face's copy are read
 * too. Format unseen: no real file was read with this class.
 */

import type { DatasetType, Row } from '../../contract/dataset.ts';
import { badRow, parseJsonl, readText } from '../read.ts';
import { findFiles } from './find-files.ts';

const SOURCE = 'Hugging Face, EdinburghNLP/xsum (no licence stated), or OpenCompass';
const DEFAULT_PATH = 'ais_bench/datasets/Xsum/dev.jsonl';
const FOLDERS = ['ais_bench/datasets/Xsum', 'ais_bench/datasets/xsum'];
/** AISBench asks no line behind these. */
const MOST_LINES = 1000;
/** What Python writes for a text that is missing, and no other JSON knows. */
const NOT_A_NUMBER = /("(?:dialogue|document|summary)":\s*)NaN(?=\s*[,}])/g;

/** Rows with the columns `dialogue`, the article, and `summary`, of the first thousand lines; those without text are left out. */
export const XsumDataset: DatasetType = {
  name: 'XsumDataset',
  async load({ path, roots }) {
    const paths = [...new Set([path === '' ? DEFAULT_PATH : path, ...FOLDERS])];
    const [file] = await findFiles(roots, { paths, files: [['dev.jsonl']], source: SOURCE });
    const text = (await readText(file!)).replace(NOT_A_NUMBER, '$1null');
    const rows = parseJsonl(text, file!, toRow)
      .slice(0, MOST_LINES)
      .filter((row) => row !== undefined);
    return { train: rows, test: rows };
  },
};

/** A text that is missing is a number, or nothing. */
function toRow(row: Row, where: string): Row | undefined {
  const [dialogue, summary] = ['document' in row ? row['document'] : row['dialogue'], row['summary']];
  const isMissing = (value: unknown) => value === null || typeof value === 'number';
  if (isMissing(dialogue) || isMissing(summary)) return undefined;
  if (typeof dialogue !== 'string' || typeof summary !== 'string')
    throw badRow(where, "it has no texts in the columns 'dialogue' and 'summary'");
  return { dialogue, summary };
}
