/**
 * DROP, questions that take counting and reckoning over a passage: Allen Institute for AI, CC BY-SA 4.0. Read in two forms that are
 * about: OpenAI's lines `{context, ref_text}` (`dev.jsonl` of OpenCompass's `drop_simple_eval.zip`, `drop_v0_dev.jsonl.gz`),
 * and the authors' `drop_dataset_dev.json`, passages with their questions. Format unseen: no real file was read with this class.
 */

import type { DatasetType, Row } from '../../contract/dataset.ts';
import { findFiles, markOf, textIn } from '../columns.ts';
import { badRow, readJson, readJsonl } from '../read.ts';

const SOURCE =
  'allenai.org/data/drop (drop_dataset.zip, CC BY-SA 4.0), or OpenCompass (drop_simple_eval.zip)';
const DEFAULT_PATH = 'ais_bench/datasets/drop_simple_eval/dev.jsonl';
const FOLDERS = [
  'ais_bench/datasets/drop_simple_eval',
  'ais_bench/datasets/drop',
  'ais_bench/datasets/drop_dataset',
];
const FILES = ['dev.jsonl', 'drop_v0_dev.jsonl.gz', 'drop_v0_dev.jsonl', 'drop_dataset_dev.json'];

/**
 * Rows with the columns `prompt`, the passage, the question and `Answer:`, and `answers`: a text with `|` between answers, or,
 * of the authors' file, a list of answers that are lists of spans.
 */
export const dropOpenAIDataset: DatasetType = {
  name: 'dropOpenAIDataset',
  source: ({ prompt }) => markOf(String(prompt).split('\nQuestion:')[0]!),
  async load({ path, roots }) {
    const paths = [...new Set([path === '' ? DEFAULT_PATH : path, ...FOLDERS])];
    const [file] = await findFiles(roots, { paths, files: FILES.map((name) => [name]), source: SOURCE });
    const test = file!.endsWith('.json') ? await readAuthors(file!) : await readJsonl(file!, toRow);
    return { train: [], test };
  },
};

function toRow(row: Row, where: string): Row {
  return { prompt: textIn(row, 'context', where), answers: textIn(row, 'ref_text', where) };
}

async function readAuthors(file: string): Promise<Row[]> {
  const passages = (await readJson(file)) as Readonly<Record<string, Row>> | null;
  return Object.entries(passages ?? {}).flatMap(([id, entry]) => {
    const where = `${file}, passage ${id}`;
    const passage = textIn(entry, 'passage', where);
    const { qa_pairs: pairs } = entry;
    if (!Array.isArray(pairs)) throw badRow(where, "it has no list 'qa_pairs'");
    return pairs.map((pair: Row, n) => {
      const question = textIn(pair, 'question', `${where}, question ${n}`);
      return {
        prompt: `Passage: ${passage}\nQuestion: ${question}\nAnswer:`,
        answers: answersOf(pair, `${where}, question ${n}`),
      };
    });
  });
}

/** What the question's author answered, then those who checked it. */
function answersOf({ answer, validated_answers: validated }: Row, where: string): string[][] {
  const given = [answer, ...(Array.isArray(validated) ? (validated as unknown[]) : [])];
  const answers = given.map((one) => spansOf((one ?? {}) as Row)).filter((spans) => spans.length > 0);
  if (answers.length === 0) throw badRow(where, 'its answer is neither a number nor spans nor a date');
  return answers;
}

/** A number, else spans, else a date in words: the order of the authors' evaluation. */
function spansOf({ number, spans, date }: Row): string[] {
  if (number !== undefined && number !== null && String(number) !== '') return [String(number)];
  if (Array.isArray(spans) && spans.length > 0) return spans.map(String);
  const { day = '', month = '', year = '' } = (date ?? {}) as Row;
  const told = `${String(day)} ${String(month)} ${String(year)}`.trim();
  return told === '' ? [] : [told];
}
