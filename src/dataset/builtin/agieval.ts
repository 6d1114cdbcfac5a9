/**
 * AGIEval, questions of exams in English and Chinese, 21 sets: ruixiangcui/AGIEval, MIT licence. A file `<set>.jsonl`, rows
 * `{passage, question, options, label, answer}`. Format unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { markOf, textIn, textParam } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { badRow, readJsonl } from '../read.ts';

const SOURCE = 'github.com/ruixiangcui/AGIEval (folder data/v1, MIT licence)';
const USUAL = ['ais_bench/datasets/agieval', 'ais_bench/datasets/AGIEval/data/v1'];

/**
 * Rows with the columns `question` (its passage in front, as AISBench joins them), `options` (a line each), `label` (letters
 * in a row where several are right; a text where nothing is to choose) and `passage`. The config's `name` is the set.
 */
export const AGIEvalDataset_v2: DatasetType = {
  name: 'AGIEvalDataset_v2',
  source: ({ passage }) => (typeof passage === 'string' && passage !== '' ? markOf(passage) : undefined),
  async load(options) {
    const name = textParam(options, 'name', 'sat-math');
    checkSetting(options.params['setting_name']);
    const file = `${name}.jsonl`;
    const folder = await locateFolder(options, { files: [file], source: SOURCE, usual: USUAL });
    const rows = await readJsonl(join(folder, file), toAgievalRow);
    return { train: rows, test: rows };
  },
};

function checkSetting(value: unknown): void {
  if (value === undefined || value === 'zero-shot') return;
  throw new AisBenchError('UTILS-CFG-002', `setting_name is ${JSON.stringify(value)}`, {
    where: 'setting_name',
    cure: "leave it out, or write setting_name: 'zero-shot': AGIEval is asked without worked examples",
  });
}

/** Throws DSET-DATA-002 naming `where`. */
function toAgievalRow(row: Row, where: string): Row {
  const { passage, options, label, answer } = row;
  if (!isEmpty(options) && !Array.isArray(options)) throw badRow(where, 'its options are no list');
  const given = isEmpty(label) ? answer : label;
  const right = Array.isArray(given) ? given.join('') : given;
  if (typeof right !== 'string' || right === '') throw badRow(where, 'it has neither a label nor an answer');
  const before = typeof passage === 'string' ? passage : '';
  return {
    passage: before,
    question: before + textIn(row, 'question', where),
    options: isEmpty(options) ? '' : (options as unknown[]).join('\n'),
    label: right,
  };
}

/** What Python takes for false: such a label is none. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === null || value === '';
}
