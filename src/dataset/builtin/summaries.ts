/**
 * XSum, articles of the BBC and the one sentence that each begins with: University of Edinburgh; no licence is stated for the texts. Read
 * as OpenCompass has it, `dev.jsonl`, rows `{dialogue, summary}`; rows `{document, summary}` of Hugging Face's copy are read
 * too. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { findFiles } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { badRow, parseJsonl, readText } from '../read.ts';

// LCSTS, short Chinese texts of Weibo and their headlines: Harbin Institute of Technology, for research, on application. Read as
// OpenCompass has it: `test.src.txt` and `test.tgt.txt`, a text and a headline a line. Format unseen: no real file was read with
// this class.

const LCSTS_SOURCE = 'icrc.hitsz.edu.cn (LCSTS, on application), or OpenCompass';
const USUAL = ['ais_bench/datasets/LCSTS', 'ais_bench/datasets/lcsts'];
const FILES = ['test.src.txt', 'test.tgt.txt'] as const;

/** Rows with the columns `content` and `abst`, the headline. */
export const LCSTSDataset: DatasetType = {
  name: 'LCSTSDataset',
  async load(options) {
    const folder = await locateFolder(options, { files: FILES, source: LCSTS_SOURCE, usual: USUAL });
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

const XSUM_SOURCE = 'Hugging Face, EdinburghNLP/xsum (no licence stated), or OpenCompass';
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
    const [file] = await findFiles(roots, { paths, files: [['dev.jsonl']], source: XSUM_SOURCE });
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
