/**
 * L-Eval, 20 tasks on long documents, closed questions and open ones: C. An and others, L4NLP/LEval on Hugging Face, GPL 3.0. Files
 * `LEval/Exam/<name>.jsonl` and `LEval/Generation/<name>.jsonl`, a document a line: `{input, instructions: […], outputs: […], …}`. Format
 * unseen: no real file was read with this class.
 */
import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { markOf, textIn, textParam, textsIn } from '../columns.ts';
import { locateFile, locateFolder } from '../locate.ts';
import { badRow, streamJsonl } from '../read.ts';

const SOURCE = 'Hugging Face, L4NLP/LEval (folder LEval)';
const USUAL = ['ais_bench/datasets/LEval', 'ais_bench/datasets/leval', 'L4NLP/LEval'];
const KINDS = ['Exam', 'Generation'];

/**
 * A row for each instruction of a document: `context`, the document, `question`, `answer`, and `length`, the words of the answer. The config's
 * `path` is the file, or the folder of `LEval`, in which its `name` is looked for.
 */
export const LEvalDataset: DatasetType = {
  name: 'LEvalDataset',
  source: ({ context }) => markOf(String(context)),
  async load(options) {
    const test: Row[] = [];
    for await (const { row, where } of streamJsonl(await fileOf(options))) test.push(...toRows(row, where));
    return { train: test, test };
  },
};

async function fileOf(options: LoadOptions): Promise<string> {
  const { path, roots } = options;
  if (path.endsWith('.jsonl'))
    return locateFile({ path, roots }, { file: '', extension: '.jsonl', source: SOURCE });
  const name = `${textParam(options, 'name', 'coursera')}.jsonl`;
  let first: unknown;
  for (const place of [...KINDS.flatMap((kind) => [join('LEval', kind), kind]), '']) {
    const wanted = { files: [join(place, name)], source: SOURCE, usual: USUAL };
    try {
      return join(await locateFolder(options, wanted), place, name);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

function toRows(row: Row, where: string): Row[] {
  const context = textIn(row, 'input', where);
  const questions = textsIn(row, 'instructions', where);
  const answers = textsIn(row, 'outputs', where);
  if (questions.length !== answers.length)
    throw badRow(where, `it has ${questions.length} instructions and ${answers.length} outputs`);
  return questions.map((question, n) => {
    const answer = answers[n]!;
    return { context, question, answer, length: answer.split(/\s+/).filter((word) => word !== '').length };
  });
}
