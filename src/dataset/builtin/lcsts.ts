/**
 * LCSTS, short Chinese texts of Weibo and their headlines: Harbin Institute of Technology, for research, on application. Read as
 * OpenCompass has it: `test.src.txt` and `test.tgt.txt`, a text and a headline a line. Format unseen: no real file was read with
 * this class.
 */
import { join } from 'node:path';
import type { DatasetType } from '../../contract/dataset.ts';
import { locateFolder } from '../locate.ts';
import { badRow, readText } from '../read.ts';

const SOURCE = 'icrc.hitsz.edu.cn (LCSTS, on application), or OpenCompass';
const USUAL = ['ais_bench/datasets/LCSTS', 'ais_bench/datasets/lcsts'];
const FILES = ['test.src.txt', 'test.tgt.txt'] as const;

/** Rows with the columns `content` and `abst`, the headline. */
export const LCSTSDataset: DatasetType = {
  name: 'LCSTSDataset',
  async load(options) {
    const folder = await locateFolder(options, { files: FILES, source: SOURCE, usual: USUAL });
    const [texts, headlines] = await Promise.all(FILES.map((file) => linesOf(join(folder, file))));
    if (texts!.length !== headlines!.length)
      throw badRow(
        join(folder, FILES[1]),
        `it has ${headlines!.length} lines, and ${FILES[0]} ${texts!.length}`,
      );
    const rows = texts!.map((content, n) => ({ content, abst: headlines![n]! }));
    const note =
      "rouge1_by_character counts characters, where AISBench counts the words that jieba finds: not comparable; eval_cfg.evaluator.words: 'jieba' counts those";
    return { train: rows, test: rows, notes: [note] };
  },
};

async function linesOf(file: string): Promise<string[]> {
  const text = await readText(file);
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.trim());
}
