/** Problems of mathematics: GSM8K, AIME, DAPO-Math, MATH, MATH-500 and MGSM. */
import { basename, extname, join } from 'node:path';
import { plural } from '../../basics/plural.ts';
import type { DatasetType, LoadOptions, Row, Splits } from '../../contract/dataset.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { badParam, besides, findFile, findFiles } from '../columns.ts';
import { fileExists, locateFolder } from '../locate.ts';
import { streamParquet } from '../parquet.ts';
import { badRow, readJson, readJsonl, readText } from '../read.ts';
import mgsm from './mgsm.json' with { type: 'json' };

// GSM8K, grade-school word problems: openai/grade-school-math, MIT licence. Files `train.jsonl` (worked examples) and
// `test.jsonl` (1,319 problems), rows `{question, answer}`.

const GSM8K_SOURCE = 'github.com/openai/grade-school-math (folder grade_school_math/data, MIT licence)';
const GSM8K_DEFAULT_PATH = 'ais_bench/datasets/gsm8k';
const GOLD_MARK = '#### ';

/** A row's columns. */
export interface Gsm8kRow extends Row {
  readonly question: string;
  /** As in the file, with calculator annotations and a last line `#### N`. */
  readonly answer: string;
  /** The answer as a worked example shows it: no annotations, a last line `The answer is N`. */
  readonly worked: string;
  /** The number alone, thousands separators removed. */
  readonly gold: string;
}

export const GSM8KDataset: DatasetType = {
  name: 'GSM8KDataset',
  async load(options) {
    const path = options.path === '' ? GSM8K_DEFAULT_PATH : options.path;
    const wanted = { files: ['test.jsonl'], source: GSM8K_SOURCE };
    const folder = await locateFolder({ path, roots: options.roots }, wanted);
    const train = join(folder, 'train.jsonl');
    return {
      test: await readJsonl(join(folder, 'test.jsonl'), toGsm8kRow),
      // Only few-shot prompts need it; their retriever complains when it is not there.
      train: (await fileExists(train)) ? await readJsonl(train, toGsm8kRow) : [],
    };
  },
};

/** Checks a `{question, answer}` row and adds `worked` and `gold`. Throws DSET-DATA-002 naming `where`. */
export function toGsm8kRow(row: Row, where: string): Gsm8kRow {
  const { question, answer } = row;
  if (typeof question !== 'string') throw badRow(where, "it has no text in column 'question'");
  if (typeof answer !== 'string') throw badRow(where, "it has no text in column 'answer'");
  const [steps = ''] = answer.split(GOLD_MARK);
  if (steps === answer) throw badRow(where, `its answer has no line '${GOLD_MARK}N'`);
  const gold = gsm8kGold(answer);
  if (!/^-?\d+$/.test(gold)) throw badRow(where, `its answer '${gold}' is not an integer`);
  return { ...row, question, answer, worked: `${withoutAnnotations(steps)}The answer is ${gold}`, gold };
}

/** The number of an answer, `gsm8k_dataset_postprocess`: the text after the first `#### ` without commas; a text without it is a number already. */
export function gsm8kGold(answer: string): string {
  return (answer.split(GOLD_MARK)[1] ?? answer).replaceAll(',', '').trim();
}

function withoutAnnotations(steps: string): string {
  // An opening without its end is looked at once, with everything behind it on its line.
  return steps.replace(/<<[^\n]*?>>|<<[^\n]*/g, (found) => (found.endsWith('>>') ? '' : found));
}

// AIME, the American Invitational Mathematics Examination of 2024, 2025 and 2026: 30 problems a year, each with a whole number
// from 0 to 999. The problems are the MAA's; who published them as data is in `source`. Rows are `{origin_prompt, gold_answer}`
// in OpenCompass's file of 2024 and `{question, answer}` in those of later years. Format unseen: none of the files was at hand.

/** A row's columns. */
interface AimeRow extends Row {
  readonly question: string;
  /** The number, as text. */
  readonly answer: string;
}

interface Year {
  readonly name: string;
  readonly paths: readonly string[];
  readonly files: readonly (readonly string[])[];
  readonly source: string;
}

export const Aime2024Dataset: DatasetType = contest({
  name: 'Aime2024Dataset',
  paths: ['ais_bench/datasets/aime2024', 'ais_bench/datasets/aime'],
  files: [['aime.jsonl'], ['aime2024.jsonl']],
  source: "OpenCompass's data files (aime.zip)",
});

export const Aime2025Dataset: DatasetType = contest({
  name: 'Aime2025Dataset',
  paths: ['ais_bench/datasets/aime2025'],
  files: [['aime2025.jsonl'], ['aime2025-I.jsonl', 'aime2025-II.jsonl']],
  source: 'the data set opencompass/AIME2025 (MIT licence)',
});

export const Aime2026Dataset: DatasetType = contest({
  name: 'Aime2026Dataset',
  paths: ['ais_bench/datasets/aime2026'],
  files: [['aime2026.jsonl'], ['aime2026-I.jsonl', 'aime2026-II.jsonl']],
  source: 'a file of the 30 problems as rows {question, answer}',
});

function contest({ name, paths, files, source }: Year): DatasetType {
  return {
    name,
    async load(options) {
      const found = await findFiles(options.roots, {
        paths: options.path === '' || paths.includes(options.path) ? paths : [options.path],
        files,
        source,
      });
      const parts = await Promise.all(found.map((file) => readJsonl(file, toAimeRow)));
      return { test: parts.flat(), train: [] };
    },
  };
}

/** Checks a row and gives its columns the names of later years. Throws DSET-DATA-002 naming `where`. */
export function toAimeRow(row: Row, where: string): AimeRow {
  const question = row['origin_prompt'] ?? row['question'] ?? row['problem'];
  const answer = row['gold_answer'] ?? row['answer'];
  if (typeof question !== 'string') {
    throw badRow(where, "it has no text in column 'origin_prompt', 'question' or 'problem'");
  }
  if (typeof answer !== 'string' && typeof answer !== 'number') {
    throw badRow(where, "it has no number in column 'gold_answer' or 'answer'");
  }
  return { ...row, question, answer: String(answer).trim() };
}

// DAPO-Math-17k, problems of competitions with whole numbers for answers: BytedTsinghua-SIA/DAPO-Math-17k on Hugging Face, Apache 2.0. One
// Parquet file of rows `{data_source, prompt: [{role, content}], ability, reward_model: {ground_truth, style}, extra_info}`, some 17,000
// problems of which each is there about a hundred times. Format unseen: no real file was read with this class.

const DAPO_SOURCE = 'Hugging Face, BytedTsinghua-SIA/DAPO-Math-17k (data/dapo-math-17k.parquet)';
const DAPO_USUAL = [
  'ais_bench/datasets/dapo-math-17k',
  'ais_bench/datasets/dapo_math_17k',
  'ais_bench/datasets/DAPO-Math-17k',
  'BytedTsinghua-SIA/DAPO-Math-17k',
];
const DAPO_NAMES = ['dapo-math-17k.parquet', 'data/dapo-math-17k.parquet'];
const DAPO_COLUMNS = ['data_source', 'prompt', 'ability', 'reward_model'];
const DAPO_KEYS = ['file_name', 'unique'];

/**
 * Rows with the columns `prompt`, the text that a user would send, `answer`, `data_source` and `ability`. Keys of the config: `file_name`,
 * that of the Parquet file; `unique`, true to have each problem once, at its first place.
 */
export const DAPOMathDataset: DatasetType = {
  name: 'DAPOMathDataset',
  async load(options) {
    const isUnique = readUnique(options.params);
    const seen = new Set<string>();
    const test: Row[] = [];
    let count = 0;
    for await (const { row, where } of streamParquet(await dapoFile(options), DAPO_COLUMNS)) {
      const made = toDapoRow(row, where);
      const problem = JSON.stringify([made['prompt'], made['answer']]);
      count++;
      if (isUnique && seen.has(problem)) continue;
      seen.add(problem);
      test.push(made);
    }
    const isTold = count > seen.size && !isUnique;
    const note = `${plural(count, 'row holds', 'rows hold')} ${plural(seen.size, 'problem')}; unique: true asks each once`;
    return { train: test, test, ...(isTold ? { notes: [note] } : {}) };
  },
};

async function dapoFile({ path, roots, params }: LoadOptions): Promise<string> {
  const { file_name: named } = params;
  if (named !== undefined && typeof named !== 'string')
    throw badParam('file_name', named, "the name of a file, such as 'dapo-math-17k.parquet'");
  const names = named === undefined ? DAPO_NAMES : [named];
  const usual = path === '' || DAPO_USUAL.includes(path) ? DAPO_USUAL : [];
  return findFile({ path, roots }, { usual, names, source: DAPO_SOURCE });
}

function readUnique(params: LoadOptions['params']): boolean {
  const unknown = Object.keys(params).find((key) => !DAPO_KEYS.includes(key));
  if (unknown !== undefined)
    throw badParam(unknown, params[unknown], `only the keys ${DAPO_KEYS.join(' and ')}`);
  const { unique = false } = params;
  if (typeof unique === 'boolean') return unique;
  throw badParam('unique', unique, 'true or false');
}

/** Throws DSET-DATA-002 naming `where`. */
function toDapoRow({ prompt, reward_model: reward, data_source, ability }: Row, where: string): Row {
  const messages = Array.isArray(prompt) ? (prompt as Row[]) : [];
  const { content } = messages.find((message) => message?.['role'] === 'user') ?? messages[0] ?? {};
  if (typeof content !== 'string') throw badRow(where, "its column 'prompt' holds no message of a user");
  const { ground_truth: truth } = (reward ?? {}) as Row;
  if (typeof truth !== 'string' && typeof truth !== 'number')
    throw badRow(where, "its column 'reward_model' holds no ground_truth");
  return { prompt: content, answer: String(truth), data_source, ability };
}

// MATH, problems of American competitions: D. Hendrycks and others, MIT licence; the 500 of PRM800K's test split, which are called
// MATH-500. `test.jsonl` has the rows `{problem, solution, answer, subject, level, unique_id}`. MATHDataset reads OpenCompass's
// `math.json` and `test_prm800k_500.json` too, one object of such rows by number (format unseen: read from a description).

const MATH_SOURCE = 'github.com/openai/prm800k (prm800k/math_splits/test.jsonl, MIT licence)';
const MATH_DEFAULT_PATH = 'ais_bench/datasets/math';

/** A row's columns. */
interface MathRow extends Row {
  readonly problem: string;
  /** The gold answer alone: what is boxed in the solution. */
  readonly answer: string;
  /** The solution as in the file. */
  readonly worked: string;
}

/** The 500 problems; `solution` is the whole solution, as in the file. */
export const Math500Dataset: DatasetType = {
  name: 'Math500Dataset',
  load: (options) => loadMath(options, (row) => row),
};

/** The same, with AISBench's column `solution`: the gold answer alone. */
export const MATHDataset: DatasetType = {
  name: 'MATHDataset',
  load: (options) => loadMath(options, (row) => ({ ...row, solution: row.answer })),
};

async function loadMath({ path, roots, params }: LoadOptions, toOwn: (row: MathRow) => Row): Promise<Splits> {
  const named = params['file_name'];
  const names =
    typeof named === 'string'
      ? [named]
      : ['test.jsonl', 'test_prm800k_500.jsonl', 'test_prm800k_500.json', 'math.json'];
  const usual = path === '' || path === MATH_DEFAULT_PATH ? [MATH_DEFAULT_PATH, 'math500'] : [];
  const file = await findFile({ path, roots }, { usual, names, source: MATH_SOURCE });
  const train = await besides(file, 'train.jsonl');
  return {
    test: (await readMathRows(file)).map(toOwn),
    train: train === undefined ? [] : (await readMathRows(train)).map(toOwn),
  };
}

async function readMathRows(file: string): Promise<MathRow[]> {
  if (extname(file) !== '.json') return readJsonl(file, toMathRow);
  const rows = await readJson(file);
  if (typeof rows !== 'object' || rows === null) throw badRow(file, 'it is no object of problems');
  return Object.entries(rows).map(([key, row]) => {
    if (typeof row !== 'object' || row === null) throw badRow(`${file}: ${key}`, 'it is no object');
    return toMathRow(row as Row, `${file}: ${key}`);
  });
}

/** Checks a row and adds `answer` where the file has none, and `worked`. Throws DSET-DATA-002 naming `where`. */
export function toMathRow(row: Row, where: string): MathRow {
  const { problem, solution = '', answer } = row;
  if (typeof problem !== 'string') throw badRow(where, "it has no text in column 'problem'");
  if (typeof solution !== 'string') throw badRow(where, "its column 'solution' is no text");
  const gold = typeof answer === 'string' || typeof answer === 'number' ? String(answer) : lastBox(solution);
  if (gold === undefined)
    throw badRow(where, "it has no text in column 'answer', and no \\boxed in 'solution'");
  return { ...row, problem, answer: gold, worked: solution };
}

/** What is in the last `\boxed{…}`; braces that are written `\{` do not count. */
function lastBox(solution: string): string | undefined {
  const start = solution.lastIndexOf('\\boxed{');
  if (start === -1) return undefined;
  const inside = start + '\\boxed{'.length;
  let depth = 1;
  for (let i = inside; i < solution.length; i++) {
    if (solution[i] === '\\') i++;
    else if (solution[i] === '{') depth++;
    else if (solution[i] === '}' && --depth === 0) return solution.slice(inside, i);
  }
  return undefined;
}

// MGSM, 250 problems of GSM8K in eleven languages: F. Shi and others, google-research/url-nlp, CC BY-SA 4.0. A file
// `mgsm_<language>.tsv` has a line `question<TAB>number` a problem; `exemplars.py` has eight worked examples a language. Format
// unseen: the test files were not at hand.

/** What is asked for in each language of MGSM: reasoning, and a last line of the mark, a colon and the number. */

interface MgsmWords {
  /** The word before the answer, as OpenAI's simple-evals, OpenCompass and AISBench look for it. */
  readonly mark: string;
  readonly instruction: string;
}

type MgsmLanguage = keyof typeof mgsm;

const MGSM_LANGUAGES: Readonly<Record<MgsmLanguage, MgsmWords>> = mgsm;

/** A row's columns. */
interface MgsmRow extends Row {
  readonly question: string;
  readonly answer: string;
  /** What is asked for, in the language of the question. */
  readonly instruction: string;
  /** The solution, its last line `Answer: N` in that language; '' where the file has none. */
  readonly worked: string;
}

/** A string, a comment, or a comma with nothing but a closing brace behind it. */
const LITERAL = /"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|#[^\n]*|,(?=\s*[}\]])/g;

/**
 * The worked examples of one language from the text of `exemplars.py`: its `MGSM_EXEMPLARS`, a literal
 * `{language: {number: {"q": …, "a": …}}}` that is read and never run. Throws DSET-DATA-002 where it is something else.
 */
export function readExemplars(text: string, file: string, language: MgsmLanguage): MgsmRow[] {
  const literal = /^MGSM_EXEMPLARS\s*=\s*(\{[\s\S]*?^\})/m.exec(text)?.[1];
  if (literal === undefined) throw badRow(file, 'it has no MGSM_EXEMPLARS = {…}');
  const exemplars = toValue(literal, file)?.[language];
  if (typeof exemplars !== 'object' || exemplars === null)
    throw badRow(file, `it has no examples in '${language}'`);
  return Object.values(exemplars).map((exemplar) => toMgsmRow(exemplar, file, language));
}

/** A Python literal of dictionaries and strings as JSON says it; strings side by side are one. */
function toValue(literal: string, file: string): Record<string, unknown> | undefined {
  const json = literal
    .replace(LITERAL, (part) => (/^["']/.test(part) ? JSON.stringify(unquoted(part)) : ''))
    .replace(/"((?:[^"\\]|\\[\s\S])*)"|[()]/g, (part) => (part === '(' || part === ')' ? '' : part))
    .replace(/(?<!\\)((?:\\\\)*)"\s+"/g, '$1');
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw badRow(file, `its MGSM_EXEMPLARS is no literal of texts (${messageOf(cause)})`, cause);
  }
}

function unquoted(literal: string): string {
  return literal
    .slice(1, -1)
    .replace(/\\(?:u([\da-f]{4})|x([\da-f]{2})|\n|([\s\S]))/gi, (_all, unicode, byte, other) => {
      const code = unicode ?? byte;
      if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
      return other === undefined ? '' : other === 'n' ? '\n' : other;
    });
}

/** The words before the first colon say that it is a question, or its solution. */
const HEADING = /^[^:：\d]{1,60}[:：]\s*/;

function toMgsmRow(exemplar: unknown, file: string, language: MgsmLanguage): MgsmRow {
  const { q, a } = exemplar as { q?: unknown; a?: unknown };
  if (typeof q !== 'string' || typeof a !== 'string')
    throw badRow(file, "an example has no texts 'q' and 'a'");
  const answer = a.match(/\d+/g)?.at(-1);
  if (answer === undefined) throw badRow(file, 'the solution of an example has no number');
  const { mark, instruction } = MGSM_LANGUAGES[language];
  const worked = `${a.replace(HEADING, '')}\n${mark}: ${answer}`;
  return { question: q.replace(HEADING, ''), answer, instruction, worked };
}

const MGSM_SOURCE = 'github.com/google-research/url-nlp (folder mgsm, CC BY-SA 4.0)';
const MGSM_DEFAULT_PATH = 'ais_bench/datasets/mgsm/mgsm_en.tsv';

export const MGSMSDataset: DatasetType = {
  name: 'MGSMSDataset',
  async load({ path, roots }) {
    const wanted = path === '' ? MGSM_DEFAULT_PATH : path;
    const language = languageOf(wanted);
    const file = await findFile({ path: wanted, roots }, { names: [], source: MGSM_SOURCE });
    const exemplars = await besides(file, 'exemplars.py');
    return {
      test: parseMgsm(await readText(file), file, language),
      train: exemplars === undefined ? [] : readExemplars(await readText(exemplars), exemplars, language),
    };
  },
};

/** The rows of a file's text. Throws DSET-DATA-002 that names the line. */
export function parseMgsm(text: string, file: string, language: MgsmLanguage): MgsmRow[] {
  const { instruction } = MGSM_LANGUAGES[language];
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const [question, answer, ...more] = line.trim().split('\t');
    if (question === undefined || answer === undefined || more.length > 0) {
      throw badRow(`${file}:${index + 1}`, 'it is not a question, a tab and a number');
    }
    return [{ question, answer, instruction, worked: '' }];
  });
}

function languageOf(path: string): MgsmLanguage {
  const language = /^mgsm_([a-z]{2})\.tsv$/.exec(basename(path))?.[1];
  if (language !== undefined && Object.hasOwn(MGSM_LANGUAGES, language)) return language as MgsmLanguage;
  throw new AisBenchError('UTILS-CFG-002', `the dataset's path '${path}' names no language`, {
    where: 'path',
    cure: `end it with mgsm_LANGUAGE.tsv, the language one of ${Object.keys(MGSM_LANGUAGES).join(', ')}`,
  });
}
