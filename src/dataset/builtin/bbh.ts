/**
 * BIG-Bench Hard, 27 tasks of reasoning: suzgunmirac/BIG-Bench-Hard, MIT licence. A file `<task>.json` `{canary, examples:
 * [{input, target}]}`; beside the tasks' folder `cot-prompts/<task>.txt` (the authors') or `lib_prompt/<task>.txt`
 * (AISBench's layout), three worked examples of a task as one text.
 */
import { basename, dirname, join } from 'node:path';
import type { DatasetType, Row } from '../../contract/dataset.ts';
import { textIn, textParam } from '../columns.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { badRow, readJson, readText } from '../read.ts';

const SOURCE = 'github.com/suzgunmirac/BIG-Bench-Hard (folders bbh and cot-prompts, MIT licence)';
const USUAL = [
  'ais_bench/datasets/bbh',
  'ais_bench/datasets/BBH/data',
  'ais_bench/datasets/bbh/data',
  'ais_bench/datasets/BIG-Bench-Hard/bbh',
];
const EXAMPLE_FOLDERS = ['lib_prompt', 'cot-prompts'];

/** The authors' files of worked examples begin with their canary and a line of dashes, which no prompt shows. */
const CANARY_HEADER = /^(?=[^\n]*canary)[^\n]*\n-+\r?\n/i;

/** Rows with the columns `input`, `target` and `examples`, '' where none are beside the data. The config's `name` is the task. */
export const BBHDataset: DatasetType = {
  name: 'BBHDataset',
  async load(options) {
    const task = textParam(options, 'name', 'navigate');
    const file = `${task}.json`;
    const folder = await locateFolder(options, { files: [file], source: SOURCE, usual: USUAL });
    const examples = await examplesOf(folder, task);
    const rows = rowsOf(await readJson(join(folder, file)), join(folder, file)).map((row, i) => {
      const where = `${join(folder, file)}, example ${i}`;
      return { input: textIn(row, 'input', where), target: textIn(row, 'target', where), examples };
    });
    return { train: rows, test: rows, notes: examples === '' ? [withoutExamples(folder)] : [] };
  },
};

function rowsOf(content: unknown, file: string): Row[] {
  const examples = typeof content === 'object' && content !== null ? (content as Row)['examples'] : undefined;
  const isRow = (one: unknown) => typeof one === 'object' && one !== null;
  if (!Array.isArray(examples) || examples.length === 0 || !examples.every(isRow))
    throw badRow(file, 'it has no list of objects `examples`');
  return examples as Row[];
}

async function examplesOf(folder: string, task: string): Promise<string> {
  const places = [folder, dirname(folder)].flatMap((place) =>
    EXAMPLE_FOLDERS.map((name) => join(place, name, `${task}.txt`)),
  );
  for (const place of places) {
    if (await fileExists(place)) return (await readText(place)).replace(CANARY_HEADER, '').trim();
  }
  return '';
}

function withoutExamples(folder: string): string {
  const place = join(basename(folder), EXAMPLE_FOLDERS[1]!);
  return `asked without its three worked examples: there is no ${place}, of ${SOURCE}`;
}
