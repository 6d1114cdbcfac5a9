/**
 * LAMBADA, passages whose last word is left out: University of Trento and others, CC BY 4.0. Read in the forms that are about: OpenCompass's
 * `test.jsonl`, rows `{prompt, label}`; lines `{text}` of OpenAI's and Hugging Face's copies; and the authors'
 * `lambada_test_plain_text.txt`, a passage a line. Format unseen: no real file was read with this class.
 */

import type { DatasetType, Row } from '../../contract/dataset.ts';
import { findFiles, textIn } from '../columns.ts';
import { badRow, readJsonl, readText } from '../read.ts';

const SOURCE = 'zenodo.org/record/2630551 (lambada-dataset.tar.gz, CC BY 4.0), or OpenCompass';
const DEFAULT_PATH = 'ais_bench/datasets/lambada/test.jsonl';
const FOLDERS = ['ais_bench/datasets/lambada', 'ais_bench/datasets/lambada-dataset'];
const FILES = ['test.jsonl', 'lambada_test.jsonl', 'lambada_test_plain_text.txt'];

/** Rows with the columns `prompt`, the passage without its last word, and `label`, the word. */
export const lambadaDataset: DatasetType = {
  name: 'lambadaDataset',
  async load({ path, roots }) {
    const paths = [...new Set([path === '' ? DEFAULT_PATH : path, ...FOLDERS])];
    const [file] = await findFiles(roots, { paths, files: FILES.map((name) => [name]), source: SOURCE });
    const rows = file!.endsWith('.txt') ? await readPlain(file!) : await readJsonl(file!, toRow);
    return { train: rows, test: rows };
  },
};

function toRow(row: Row, where: string): Row {
  if (row['text'] !== undefined) return parted(textIn(row, 'text', where), where);
  return { prompt: textIn(row, 'prompt', where), label: textIn(row, 'label', where) };
}

async function readPlain(file: string): Promise<Row[]> {
  const lines = (await readText(file)).split(/\r?\n/);
  return lines.flatMap((line, n) => (line.trim() === '' ? [] : [parted(line, `${file}:${n + 1}`)]));
}

function parted(text: string, where: string): Row {
  const [, prompt, label] = /^(.*\S)\s+(\S+)\s*$/s.exec(text) ?? [];
  if (prompt === undefined || label === undefined)
    throw badRow(where, 'its passage is not longer than a word');
  return { prompt, label };
}
