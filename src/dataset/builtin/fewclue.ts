/**
 * FewCLUE, Chinese texts to be classified: the CLUE team, github.com/CLUEbenchmark/FewCLUE; no licence is stated. Files
 * `datasets/<task>/dev_few_all.json` and `test_public.json`, which are JSON Lines. Rows of them were looked at; no whole file was read with
 * these classes.
 */
import { basename, dirname, join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { markOf, textIn, textsIn } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { badRow, readJsonl, type ToRow } from '../read.ts';

const SOURCE = 'github.com/CLUEbenchmark/FewCLUE (folder datasets, no licence stated)';
const GAP = '#idiom#';

/** What the file calls a kind of news → what a model is told. The names are AISBench's, so that its own configs can be run. */
const NEWS: Readonly<Record<string, string>> = {
  news_agriculture: '农业新闻',
  news_travel: '旅游新闻',
  news_game: '游戏新闻',
  news_tech: '科技类别公司新闻',
  news_sports: '体育类别新闻',
  news_edu: '初升高教育新闻',
  news_entertainment: '娱乐圈新闻',
  news_finance: '投资资讯',
  news_military: '军事类别常识',
  news_car: '车辆新闻',
  news_house: '楼市新闻',
  news_world: '环球不含中国类别新闻',
  news_culture: '书籍文化历史类别新闻',
  news_story: '故事类别新闻',
  news_stock: '股票市场类别新闻',
};

/** Whether two sentences mean the same: `sentence1`, `sentence2`, and `label`, 0 or 1. */
export const BUSTMDataset = fewclue('BUSTMDataset', (row, where) => {
  for (const column of ['sentence1', 'sentence2']) textIn(row, column, where);
  return { ...row, label: labelIn(row, ['0', '1'], where) };
});

/** Whether a buyer is content: `sentence`, and `label`, Positive or Negative. */
export const EPRSTMTDataset = fewclue('EPRSTMTDataset', (row, where) => {
  textIn(row, 'sentence', where);
  return { ...row, label: labelIn(row, ['Positive', 'Negative'], where) };
});

/** Which idiom fits: `content0` to `content6`, the text with each of them, and `answer`, the number of the right one. */
export const CHIDDataset = fewclue('CHIDDataset', (row, where) => {
  const content = textIn(row, 'content', where);
  if (!content.includes(GAP)) throw badRow(where, `its content has no ${GAP}`);
  const candidates = textsIn(row, 'candidates', where, 7);
  const answer = labelIn(row, [...candidates.keys()].map(String), where, 'answer');
  const filled = candidates.map((one, i) => [`content${i}`, content.replaceAll(GAP, () => one)]);
  return { ...row, ...Object.fromEntries(filled), answer };
});

/**
 * Whether a pronoun stands for a noun: `text`, `span1`, the noun, `span2`, the pronoun, and `answer`, 1 where it does. `new_text` has the noun
 * in the pronoun's place.
 */
export const CluewscDataset = fewclue(
  'CluewscDataset',
  ({ target, ...row }, where) => {
    const text = textIn(row, 'text', where);
    if (typeof target !== 'object' || target === null) throw badRow(where, 'it has no target');
    const spans = target as Row;
    const span1 = textIn(spans, 'span1_text', where);
    const span2 = textIn(spans, 'span2_text', where);
    const { span2_index: at } = spans;
    const letters = [...text];
    if (!Number.isInteger(at) || !((at as number) in letters))
      throw badRow(where, `its span2_index ${JSON.stringify(at)} is no place in the text`);
    letters.splice(at as number, [...span2].length, span1);
    const answer = labelIn(row, ['true', 'false'], where) === 'true' ? '1' : '0';
    return { ...row, new_text: letters.join(''), span1, span2, answer };
  },
  'text',
);

/** Whether all key words are a paper's own: `abst`, `keywords`, one text, and `label`, 0 or 1. */
export const CslDataset = fewclue(
  'CslDataset',
  (row, where) => {
    textIn(row, 'abst', where);
    const keywords = textsIn(row, 'keyword', where).join('，');
    return { ...row, keywords, label: labelIn(row, ['0', '1'], where) };
  },
  'abst',
);

/** What a headline is about: `sentence`, and `label_desc2`, one of fifteen kinds in Chinese. */
export const TNewsDataset = fewclue('TNewsDataset', (row, where) => {
  textIn(row, 'sentence', where);
  return { ...row, label_desc2: NEWS[labelIn(row, Object.keys(NEWS), where, 'label_desc')] };
});

/** A class of rows of one file, `data_files` of the config or else its `path`; `shared` is the column that several rows have in common. */
function fewclue(name: string, toRow: ToRow, shared?: string): DatasetType {
  return {
    name,
    ...(shared === undefined ? {} : { source: (row: Row) => markOf(String(row[shared])) }),
    async load({ path, roots, params: { data_files: given } }: LoadOptions) {
      const file = typeof given === 'string' ? given : path;
      const wanted = { files: [basename(file)], source: SOURCE };
      const folder = await locateFolder({ path: dirname(file), roots }, wanted);
      const rows = await readJsonl(join(folder, basename(file)), toRow);
      return { train: rows, test: rows };
    },
  };
}

/** A label as a text. Throws DSET-DATA-002 for one that is not known, as for the test file without labels. */
function labelIn(row: Row, known: readonly string[], where: string, column = 'label'): string {
  const label = typeof row[column] === 'number' ? String(row[column]) : row[column];
  if (typeof label === 'string' && known.includes(label)) return label;
  const what =
    row[column] === undefined
      ? `it has no ${column} of`
      : `its ${column} ${JSON.stringify(row[column])} is none of`;
  throw badRow(where, `${what} ${known.join(', ')}`);
}
