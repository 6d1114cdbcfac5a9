/** Understanding of short texts: TriviaQA, DROP, LAMBADA, XSum, LCSTS and FewCLUE. */
import { basename, dirname, join } from 'node:path';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { pythonTexts } from '../../python-data/texts.ts';
import { findFile, ifThere, markOf, splitNames, textIn, textsIn } from '../columns.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { badRow, parseJsonl, readJson, readJsonl, readText, type ToRow } from '../read.ts';
import news from './fewclue-news.json' with { type: 'json' };

// TriviaQA, questions of quizzes: University of Washington, Apache-2.0 for the code and no licence stated for the questions. Read in
// three forms that are about: OpenCompass's `triviaqa-validation.jsonl` and `triviaqa-train.jsonl`, rows `{question, answer}`
// with a list of names; rows of Hugging Face's copy in the same files, whose answers are objects; and the authors'
// `qa/wikipedia-dev.json`, `{Data: [{Question, Answer}, …]}`. Format unseen: no real file was read with this class.

const TRIVIAQA_SOURCE = 'nlp.cs.washington.edu/triviaqa (triviaqa-rc.tar.gz), or OpenCompass (triviaqa.zip)';
const TRIVIAQA_USUAL = [
  'ais_bench/datasets/triviaqa',
  'ais_bench/datasets/trivia_qa',
  'ais_bench/datasets/triviaqa-rc',
];
const TRIVIAQA_REPACKED = { train: 'triviaqa-train.jsonl', test: 'triviaqa-validation.jsonl' };
const TRIVIAQA_AUTHORS = { train: 'qa/wikipedia-train.json', test: 'qa/wikipedia-dev.json' };

/** Keys under which an answer's names stand: the authors', then Hugging Face's. */
const NAME_KEYS = [
  'Value',
  'Aliases',
  'NormalizedAliases',
  'HumanAnswers',
  'value',
  'aliases',
  'normalized_aliases',
];

/** Rows with the columns `question`, `answer`, all names of the right answer, and `name`, the first of them. */
export const TriviaQADataset_V2: DatasetType = {
  name: 'TriviaQADataset_V2',
  async load(options) {
    const folder = await triviaQaFolder(options);
    const isRepacked = await fileExists(join(folder, TRIVIAQA_REPACKED.test));
    const files = isRepacked ? TRIVIAQA_REPACKED : TRIVIAQA_AUTHORS;
    const read = isRepacked ? (file: string) => readJsonl(file, toTriviaQaRow) : readTriviaQaAuthors;
    return {
      train: await ifThere(join(folder, files.train), read),
      test: await read(join(folder, files.test)),
    };
  },
};

/**
 * The same rows by AISBench's older name. Its file `trivia-qa.<split>.qa.csv`, a question, a tab and a Python list of names a line, is
 * read where it is there; as in AISBench, its split `test` keeps the first name alone.
 */
export const TriviaQADataset: DatasetType = {
  name: 'TriviaQADataset',
  async load(options) {
    const splits = { train: 'dev', test: 'dev', known: ['dev', 'test'] };
    const look = () =>
      locateFolder(options, {
        files: ['trivia-qa.dev.qa.csv'],
        source: TRIVIAQA_SOURCE,
        usual: TRIVIAQA_USUAL,
      });
    const folder = await look().catch(() => undefined);
    if (folder === undefined) return TriviaQADataset_V2.load(options);
    const { train, test } = splitNames(options, splits);
    const read = (split: string) => readTriviaQaTable(join(folder, `trivia-qa.${split}.qa.csv`), split);
    return { train: await read(train), test: await read(test) };
  },
};

async function readTriviaQaTable(file: string, split: string): Promise<Row[]> {
  const lines = (await readText(file)).split(/\r?\n/);
  return lines.flatMap((line, n) => {
    if (line === '') return [];
    const where = `${file}:${n + 1}`;
    const [question = '', list, ...more] = line.split('\t').map(unquotedCell);
    const names = list === undefined || more.length > 0 ? undefined : pythonTexts(list);
    if (names === undefined) throw badRow(where, 'it is not a question, a tab and a list of names');
    return [toTriviaQaRow({ question, answer: split === 'test' ? names.slice(0, 1) : names }, where)];
  });
}

/** A cell in quotes holds doubled ones. */
function unquotedCell(cell: string): string {
  return /^"[\s\S]*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}

/** The error of a dataset that is nowhere names the repacked form, which is the smaller one. */
async function triviaQaFolder(options: LoadOptions): Promise<string> {
  const look = (file: string) =>
    locateFolder(options, { files: [file], source: TRIVIAQA_SOURCE, usual: TRIVIAQA_USUAL });
  return look(TRIVIAQA_REPACKED.test).catch((first: unknown) =>
    look(TRIVIAQA_AUTHORS.test).catch(() => {
      throw first;
    }),
  );
}

async function readTriviaQaAuthors(file: string): Promise<Row[]> {
  const { Data: rows } = ((await readJson(file)) ?? {}) as { Data?: unknown };
  if (!Array.isArray(rows)) throw badRow(file, "it has no list 'Data'");
  return rows.map((row: Row | null, n) => {
    const { Question: question, Answer: answer } = row ?? {};
    return toTriviaQaRow({ question, answer }, `${file}, question ${n}`);
  });
}

function toTriviaQaRow(row: Row, where: string): Row {
  const answer = namesIn(row['answer'], where);
  return { question: textIn(row, 'question', where), answer, name: answer[0] };
}

function namesIn(answer: unknown, where: string): string[] {
  const isObject = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
  const given = isObject ? NAME_KEYS.flatMap((key) => (answer as Row)[key] ?? []) : [answer].flat();
  const names = given.filter((one) => typeof one === 'string' && one.trim() !== '') as string[];
  if (names.length === 0) throw badRow(where, "its column 'answer' names no answer");
  return [...new Set(names)];
}

// DROP, questions that take counting and reckoning over a passage: Allen Institute for AI, CC BY-SA 4.0. Read in two forms that are
// about: OpenAI's lines `{context, ref_text}` (`dev.jsonl` of OpenCompass's `drop_simple_eval.zip`, `drop_v0_dev.jsonl.gz`),
// and the authors' `drop_dataset_dev.json`, passages with their questions. Format unseen: no real file was read with this class.

const DROP_SOURCE =
  'allenai.org/data/drop (drop_dataset.zip, CC BY-SA 4.0), or OpenCompass (drop_simple_eval.zip)';
const DROP_USUAL = [
  'ais_bench/datasets/drop_simple_eval/dev.jsonl',
  'ais_bench/datasets/drop_simple_eval',
  'ais_bench/datasets/drop',
  'ais_bench/datasets/drop_dataset',
];
const DROP_FILES = ['dev.jsonl', 'drop_v0_dev.jsonl.gz', 'drop_v0_dev.jsonl', 'drop_dataset_dev.json'];

/**
 * Rows with the columns `prompt`, the passage, the question and `Answer:`, and `answers`: a text with `|` between answers, or,
 * of the authors' file, a list of answers that are lists of spans.
 */
export const dropOpenAIDataset: DatasetType = {
  name: 'dropOpenAIDataset',
  source: ({ prompt }) => markOf(String(prompt).split('\nQuestion:')[0]!),
  async load(options) {
    const file = await findFile(options, { usual: DROP_USUAL, names: DROP_FILES, source: DROP_SOURCE });
    const test = file.endsWith('.json') ? await readDropAuthors(file) : await readJsonl(file, toDropRow);
    return { train: [], test };
  },
};

function toDropRow(row: Row, where: string): Row {
  return { prompt: textIn(row, 'context', where), answers: textIn(row, 'ref_text', where) };
}

async function readDropAuthors(file: string): Promise<Row[]> {
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

// LAMBADA, passages whose last word is left out: University of Trento and others, CC BY 4.0. Read in the forms that are about: OpenCompass's
// `test.jsonl`, rows `{prompt, label}`; lines `{text}` of OpenAI's and Hugging Face's copies; and the authors'
// `lambada_test_plain_text.txt`, a passage a line. Format unseen: no real file was read with this class.

const LAMBADA_SOURCE = 'zenodo.org/record/2630551 (lambada-dataset.tar.gz, CC BY 4.0), or OpenCompass';
const LAMBADA_USUAL = [
  'ais_bench/datasets/lambada/test.jsonl',
  'ais_bench/datasets/lambada',
  'ais_bench/datasets/lambada-dataset',
];
const LAMBADA_FILES = ['test.jsonl', 'lambada_test.jsonl', 'lambada_test_plain_text.txt'];

/** Rows with the columns `prompt`, the passage without its last word, and `label`, the word. */
export const lambadaDataset: DatasetType = {
  name: 'lambadaDataset',
  async load(options) {
    const own = { usual: LAMBADA_USUAL, names: LAMBADA_FILES, source: LAMBADA_SOURCE };
    const file = await findFile(options, own);
    const rows = file.endsWith('.txt') ? await readPlain(file) : await readJsonl(file, toLambadaRow);
    return { train: rows, test: rows };
  },
};

function toLambadaRow(row: Row, where: string): Row {
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

// LCSTS, short Chinese texts of Weibo and their headlines: Harbin Institute of Technology, for research, on application. Read as
// OpenCompass has it: `test.src.txt` and `test.tgt.txt`, a text and a headline a line. Format unseen: no real file was read with
// this class.

const LCSTS_SOURCE = 'icrc.hitsz.edu.cn (LCSTS, on application), or OpenCompass';
const LCSTS_USUAL = ['ais_bench/datasets/LCSTS', 'ais_bench/datasets/lcsts'];
const LCSTS_FILES = ['test.src.txt', 'test.tgt.txt'] as const;

/** Rows with the columns `content` and `abst`, the headline. */
export const LCSTSDataset: DatasetType = {
  name: 'LCSTSDataset',
  async load(options) {
    const folder = await locateFolder(options, {
      files: LCSTS_FILES,
      source: LCSTS_SOURCE,
      usual: LCSTS_USUAL,
    });
    const [texts, headlines] = await Promise.all(LCSTS_FILES.map((file) => linesOf(join(folder, file))));
    if (texts!.length !== headlines!.length)
      throw badRow(
        join(folder, LCSTS_FILES[1]),
        `it has ${headlines!.length} lines, and ${LCSTS_FILES[0]} ${texts!.length}`,
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

// XSum, articles of the BBC and the one sentence that each begins with: University of Edinburgh; no licence is stated for the texts. Read
// as OpenCompass has it, `dev.jsonl`, rows `{dialogue, summary}`; rows `{document, summary}` of Hugging Face's copy are read
// too. Format unseen: no real file was read with this class.

const XSUM_SOURCE = 'Hugging Face, EdinburghNLP/xsum (no licence stated), or OpenCompass';
const XSUM_USUAL = [
  'ais_bench/datasets/Xsum/dev.jsonl',
  'ais_bench/datasets/Xsum',
  'ais_bench/datasets/xsum',
];
/** AISBench asks no line behind these. */
const MOST_LINES = 1000;
/** What Python writes for a text that is missing, and no other JSON knows. */
const NOT_A_NUMBER = /("(?:dialogue|document|summary)":\s*)NaN(?=\s*[,}])/g;

/** Rows with the columns `dialogue`, the article, and `summary`, of the first thousand lines; those without text are left out. */
export const XsumDataset: DatasetType = {
  name: 'XsumDataset',
  async load(options) {
    const file = await findFile(options, { usual: XSUM_USUAL, names: ['dev.jsonl'], source: XSUM_SOURCE });
    const text = (await readText(file)).replace(NOT_A_NUMBER, '$1null');
    const rows = parseJsonl(text, file, toXsumRow)
      .slice(0, MOST_LINES)
      .filter((row) => row !== undefined);
    return { train: rows, test: rows };
  },
};

/** A text that is missing is a number, or nothing. */
function toXsumRow(row: Row, where: string): Row | undefined {
  const [dialogue, summary] = ['document' in row ? row['document'] : row['dialogue'], row['summary']];
  const isMissing = (value: unknown) => value === null || typeof value === 'number';
  if (isMissing(dialogue) || isMissing(summary)) return undefined;
  if (typeof dialogue !== 'string' || typeof summary !== 'string')
    throw badRow(where, "it has no texts in the columns 'dialogue' and 'summary'");
  return { dialogue, summary };
}

// FewCLUE, Chinese texts to be classified: the CLUE team, github.com/CLUEbenchmark/FewCLUE; no licence is stated. Files
// `datasets/<task>/dev_few_all.json` and `test_public.json`, which are JSON Lines. Rows of them were looked at; no whole file was read with
// these classes.

const FEWCLUE_SOURCE = 'github.com/CLUEbenchmark/FewCLUE (folder datasets, no licence stated)';
const GAP = '#idiom#';

/** What the file calls a kind of news → what a model is told. The names are AISBench's, so that its own configs can be run. */
const NEWS: Readonly<Record<string, string>> = news;

/** Whether two sentences mean the same: `sentence1`, `sentence2`, and `label`, 0 or 1. */
export const BUSTMDataset = fewclue('BUSTMDataset', (row, where) => {
  for (const column of ['sentence1', 'sentence2']) textIn(row, column, where);
  return { ...row, label: fewClueLabel(row, ['0', '1'], where) };
});

/** Whether a buyer is content: `sentence`, and `label`, Positive or Negative. */
export const EPRSTMTDataset = fewclue('EPRSTMTDataset', (row, where) => {
  textIn(row, 'sentence', where);
  return { ...row, label: fewClueLabel(row, ['Positive', 'Negative'], where) };
});

/** Which idiom fits: `content0` to `content6`, the text with each of them, and `answer`, the number of the right one. */
export const CHIDDataset = fewclue('CHIDDataset', (row, where) => {
  const content = textIn(row, 'content', where);
  if (!content.includes(GAP)) throw badRow(where, `its content has no ${GAP}`);
  const candidates = textsIn(row, 'candidates', where, 7);
  const answer = fewClueLabel(row, [...candidates.keys()].map(String), where, 'answer');
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
    const answer = fewClueLabel(row, ['true', 'false'], where) === 'true' ? '1' : '0';
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
    return { ...row, keywords, label: fewClueLabel(row, ['0', '1'], where) };
  },
  'abst',
);

/** What a headline is about: `sentence`, and `label_desc2`, one of fifteen kinds in Chinese. */
export const TNewsDataset = fewclue('TNewsDataset', (row, where) => {
  textIn(row, 'sentence', where);
  return { ...row, label_desc2: NEWS[fewClueLabel(row, Object.keys(NEWS), where, 'label_desc')] };
});

/** A class of rows of one file, `data_files` of the config or else its `path`; `shared` is the column that several rows have in common. */
function fewclue(name: string, toRow: ToRow, shared?: string): DatasetType {
  return {
    name,
    ...(shared === undefined ? {} : { source: (row: Row) => markOf(String(row[shared])) }),
    async load({ path, roots, params: { data_files: given } }: LoadOptions) {
      const file = typeof given === 'string' ? given : path;
      const wanted = { files: [basename(file)], source: FEWCLUE_SOURCE };
      const folder = await locateFolder({ path: dirname(file), roots }, wanted);
      const rows = await readJsonl(join(folder, basename(file)), toRow);
      return { train: rows, test: rows };
    },
  };
}

/** A label as a text. Throws DSET-DATA-002 for one that is not known, as for the test file without labels. */
function fewClueLabel(row: Row, known: readonly string[], where: string, column = 'label'): string {
  const label = typeof row[column] === 'number' ? String(row[column]) : row[column];
  if (typeof label === 'string' && known.includes(label)) return label;
  const what =
    row[column] === undefined
      ? `it has no ${column} of`
      : `its ${column} ${JSON.stringify(row[column])} is none of`;
  throw badRow(where, `${what} ${known.join(', ')}`);
}
