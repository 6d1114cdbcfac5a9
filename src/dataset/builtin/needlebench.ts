/**
 * NeedleBench V2, facts put into long texts, and families told out of order: opencompass/NeedleBench on Hugging Face, Apache 2.0. Files
 * `needles.jsonl` (`{language, needle, retrieval_question, arg1, arg2}`), `names.json` (language → names, parted by commas) and texts,
 * `PaulGrahamEssays.jsonl`, `zh_finance.jsonl` and others (`{text}`). Prompts are made of these by the draws of CPython's `random`, as
 * AISBench makes them. Format unseen: no real file was read with these classes.
 */

import { join } from 'node:path';
import type { DatasetType, LoadOptions, Row, Tokenizer } from '../../contract/dataset.ts';
import { badParam, isTexts, textIn } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { type PythonRandom, pythonRandom } from '../python-random.ts';
import { badRow, readJson, readJsonl } from '../read.ts';
import words from './needlebench.json' with { type: 'json' };

// Families made up of a list of names: who is whose father, a chain from the eldest to the youngest, told in any order. The words
// are in `needlebench.json`: for a relative with the generations between, and as many ways to say it as AISBench has, so that the
// same draws make the same families; `{A}` is the elder.

const LANGUAGES = ['English', 'Chinese'] as const;
type NeedleLanguage = (typeof LANGUAGES)[number];

interface Lineage {
  /** The eldest first. */
  readonly names: readonly string[];
  /** A sentence for each neighbouring two, in any order. */
  readonly told: readonly string[];
  /** Generations between the first and the last. */
  readonly generations: number;
}

/** A family of so many people, drawn as AISBench draws it. */
function familyOf(
  random: PythonRandom,
  allNames: readonly string[],
  people: number,
  language: NeedleLanguage,
): Lineage {
  const names = random.sample(allNames, people);
  const relatives = Object.entries<number>(words.relatives[language]);
  let generations = 0;
  const told = names.slice(1).map((younger, i) => {
    const sentence = random.choice(words.sentences[language]);
    const [relative, distance] = random.choice(relatives);
    generations += distance;
    return filled(sentence, { A: names[i]!, B: younger, relative });
  });
  random.shuffle(told);
  return { names, told, generations };
}

/** A text with each `{name}` in it replaced. */
function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}

// How NeedleBench's questions are put, in words of our own: AISBench's say the same.

/** Where a question is: behind the document, or before it. */
const POSITIONS = ['End', 'Start'] as const;
type Position = (typeof POSITIONS)[number];

/** A document with a question about it. */
function askedOf(context: string, question: string, language: NeedleLanguage, position: Position): string {
  const document = filled(words.document[language], { context });
  return filled(words.asked[position][language], { document, question });
}

/** Several questions, each of which says how it wants to be answered between single quotes. */
function questionsOf(questions: readonly string[], language: NeedleLanguage): string {
  const [mark, stop] = language === 'Chinese' ? (['？', '。'] as const) : (['?', '.'] as const);
  const asked = questions.map((question) => `${question.split(mark)[0]}${mark}`);
  const forms = questions.map((question) => (question.split("'")[1] ?? '').split(stop)[0]!);
  const between = language === 'Chinese' ? '' : ' ';
  return filled(words.list[language], { questions: asked.join(between), forms: forms.join('; ') });
}

/** Who is the eldest of a family, in a document; with the rules of such questions. */
function eldestQuestion(youngest: string, language: NeedleLanguage): string {
  const start = language === 'Chinese' ? '在文档中，' : 'In the document, ';
  return `${start}${filled(words.eldest[language], { youngest })}\n\n${words.rules[language]}`;
}

/** Kinds of questions about a family, in AISBench's order: the seeds are by it. */
const KINDS = ['ELDEST_ANCESTOR', 'NTH_ANCESTOR', 'NTH_DESCENDANT', 'RELATIONSHIP_DISTANCE'] as const;
type QuestionKind = (typeof KINDS)[number];

interface FamilyStory {
  readonly story: string;
  readonly eldest: string;
  readonly youngest: string;
  readonly generations: number;
}

/** A family's story with a question of a kind about it. */
function familyQuestion(
  kind: QuestionKind,
  { story, generations, ...people }: FamilyStory,
  language: NeedleLanguage,
): string {
  const values = { ...people, n: String(generations), counting: words.counting[language] };
  const question = filled(words.about[kind][language], values);
  return filled(words.told[language], { story, question, rules: words.rules[language] });
}

// Keys of the dataset configs, as AISBench has them.

type Params = LoadOptions['params'];

/** What the three tasks with a document have in common. */
interface DocumentConfig {
  /** Tokens of the document with its needles, and of what else a prompt has. */
  readonly length: number;
  readonly fileList: readonly string[];
  readonly repeats: number;
  /** Tokens of `length` that are left for the rest of the prompt. */
  readonly lengthBuffer: number;
  readonly language: NeedleLanguage;
  readonly needleFile: string;
  readonly position: Position;
  /** Folder of another tokenizer than the model's. */
  readonly tokenizerPath: string | undefined;
}

/** Throws UTILS-CFG-002 naming the key. */
function documentConfig(params: Params): DocumentConfig {
  const { file_list: fileList, needle_file_name: needleFile, tokenizer_path: tokenizerPath } = params;
  if (!isTexts(fileList) || fileList.length === 0)
    throw badParam('file_list', fileList, "a list of file names, as ['PaulGrahamEssays.jsonl']");
  if (typeof needleFile !== 'string')
    throw badParam('needle_file_name', needleFile, "a file name, as 'needles.jsonl'");
  if (tokenizerPath !== undefined && typeof tokenizerPath !== 'string')
    throw badParam('tokenizer_path', tokenizerPath, 'the folder of a tokenizer.json');
  return {
    length: wholeParam(params, 'length', 1),
    fileList,
    repeats: wholeParam(params, 'num_repeats_per_file', 1),
    lengthBuffer: wholeParam(params, 'length_buffer', 0),
    language: languageParam(params),
    needleFile,
    // AISBench's spelling.
    position: oneOfParam(params, 'quesiton_position', POSITIONS, 'End'),
    tokenizerPath,
  };
}

/** Throws UTILS-CFG-002. */
function languageParam(params: Params): NeedleLanguage {
  return oneOfParam(params, 'language', LANGUAGES);
}

/** Throws UTILS-CFG-002. */
function wholeParam(params: Params, key: string, least: number): number {
  const value = params[key];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw badParam(key, value, `a whole number of ${least} or more`);
}

/** Depths in percent of the document. Throws UTILS-CFG-002. */
function depthsParam(params: Params): readonly number[] {
  const { depths } = params;
  const isList = Array.isArray(depths) && depths.length > 0;
  if (isList && depths.every((one) => typeof one === 'number' && one >= 0 && one <= 100)) return depths;
  throw badParam('depths', depths, 'a list of numbers from 0 to 100');
}

function oneOfParam<T extends string>(params: Params, key: string, known: readonly T[], otherwise?: T): T {
  const value = params[key] ?? otherwise;
  const found = known.find((one) => one === value);
  if (found !== undefined) return found;
  throw badParam(key, value, `one of ${known.join(', ')}`);
}

// A document of an exact number of tokens, made of other texts, with sentences put into it at given depths.

/** Cuts a text into what lengths are counted in. */
interface HaystackCutter {
  cut(text: string): ArrayLike<HaystackToken>;
  join(tokens: readonly HaystackToken[]): string;
}
type HaystackToken = number | string;

/** Tokens of a model; without one, words, and of Chinese the characters. */
function cutterOf(tokenizer: Tokenizer | undefined): HaystackCutter {
  if (tokenizer === undefined)
    return {
      cut: (text) => text.match(/\s*(?:\p{Script=Han}|[^\s\p{Script=Han}]+)|\s+/gu) ?? [],
      join: (words) => words.join(''),
    };
  return {
    cut: (text) => Uint32Array.from(tokenizer.encode(text)),
    join: (ids) => tokenizer.decode(ids as number[]),
  };
}

/** Texts in the order they are taken in, cut when they are first needed. */
class Straw {
  readonly cutter: HaystackCutter;
  readonly #cut = new Map<string, ArrayLike<HaystackToken>>();

  constructor(cutter: HaystackCutter) {
    this.cutter = cutter;
  }

  /** The first tokens of these texts, `count` if they have so many. */
  take(texts: readonly string[], count: number): HaystackToken[] {
    const taken: HaystackToken[] = [];
    for (const text of texts) {
      if (taken.length >= count) break;
      const tokens = this.#cut.get(text) ?? this.cutter.cut(text);
      this.#cut.set(text, tokens);
      for (let i = 0; i < tokens.length && taken.length < count; i++) taken.push(tokens[i]!);
    }
    return taken;
  }
}

/** Each needle is alone in its lines. */
function needlesOf(cutter: HaystackCutter, needles: readonly string[]): HaystackToken[][] {
  return needles.map((needle) => Array.from(cutter.cut(`\n${needle}\n`)));
}

interface Stack {
  readonly texts: readonly string[];
  readonly needles: readonly string[];
  /** Tokens of the whole document. */
  readonly length: number;
}

/** Puts the needles where `places` says, tokens of the straw before each. */
function stacked(
  straw: Straw,
  { texts, needles, length }: Stack,
  places: (straws: number, needles: readonly (readonly HaystackToken[])[]) => readonly number[],
): string {
  const { cutter } = straw;
  const cut = needlesOf(cutter, needles);
  const room = length - cut.reduce((sum, tokens) => sum + tokens.length, 0);
  let document: HaystackToken[] = straw.take(texts, Math.max(room, 0));
  for (const [i, at] of places(document.length, cut).entries())
    document = [...document.slice(0, at), ...cut[i]!, ...document.slice(at)];
  return cutter.join(document);
}

/** Each needle at its own depth, 0 to 100, in order. */
function stackedAt(straw: Straw, stack: Stack, depths: readonly number[]): string {
  return stacked(straw, stack, (straws, needles) => {
    let before = 0;
    return needles.map((needle, i) => {
      const at = Math.min(Math.trunc(straws * (depths[i]! / 100)) + before, straws + before);
      before += needle.length;
      return at;
    });
  });
}

/**
 * The first needle at a depth, each further one `step` percent of the straw behind the one before; those for which there is no room stand
 * at the end. AISBench counts the needles before one twice, and so do we.
 */
function stackedFrom(straw: Straw, stack: Stack, depth: number, step: number): string {
  return stacked(straw, stack, (straws, needles) => {
    const points: number[] = [];
    let before = 0;
    for (const [i, needle] of needles.entries()) {
      const point =
        i === 0
          ? Math.trunc(straws * (depth / 100))
          : Math.trunc(points[i - 1]! + needles[i - 1]!.length + straws * (step / 100));
      points.push(Math.min(point, straws + before));
      before += needle.length;
    }
    let shift = 0;
    return points.map((point, i) => {
      const at = point + shift;
      shift += needles[i]!.length;
      return at;
    });
  });
}

const SOURCE = 'Hugging Face, opencompass/NeedleBench';
const USUAL = ['ais_bench/datasets/NeedleBench', 'opencompass/needlebench', 'opencompass/NeedleBench'];

/** Rows `{prompt, answer}`: one fact at `depth`; `answer` is the fact and, behind a star, the word that tells it. */
export const NeedleBenchOriginDataset: DatasetType = ofDocuments(
  'NeedleBenchOriginDataset',
  async (files, config, params) => {
    const depth = wholeParam(params, 'depth', 0);
    const known = (await files.needles()).filter(({ language }) => language === config.language);
    if (known.length === 0) throw badRow(config.needleFile, `it has no fact in ${config.language}`);
    return (repeat) => {
      const { needle, question, keyword } = pythonRandom(repeat).choice(known);
      return {
        needles: [needle],
        stack: (straw, stack) => stackedAt(straw, stack, [depth]),
        ...{ question, answer: `\n${needle}\n*${keyword}` },
      };
    };
  },
);

/** AISBench draws these facts again in each process. */
const FACTS_SEED = 0;

/** The same of a fact at each of `depths`, all asked at once; `answer` is the words, and behind `#` the depths, parted by stars. */
export const NeedleBenchParallelDataset: DatasetType = ofDocuments(
  'NeedleBenchParallelDataset',
  async (files, config, params) => {
    const depths = depthsParam(params);
    const known = await files.needles();
    pythonRandom(FACTS_SEED).shuffle(known);
    const facts = differing(known.filter(({ language }) => language === config.language)).slice(
      0,
      depths.length,
    );
    if (facts.length === 0) throw badRow(config.needleFile, `it has no fact in ${config.language}`);
    return (repeat) => {
      const drawn = [...facts];
      pythonRandom(repeat).shuffle(drawn);
      const questions = drawn.map(({ question }) => question);
      return {
        needles: drawn.map(({ needle }) => needle),
        stack: (straw, stack) => stackedAt(straw, stack, depths),
        question: questionsOf(questions, config.language),
        answer: `${drawn.map(({ keyword }) => keyword).join('*')}#${depths.join('*')}`,
      };
    };
  },
);

/** The same of a family that is told in `num_needles` facts from `depth` on, `diff` percent of the text apart; `answer` is its eldest. */
export const NeedleBenchMultiDataset: DatasetType = ofDocuments(
  'NeedleBenchMultiDataset',
  async (files, config, params) => {
    const [depth, step] = [wholeParam(params, 'depth', 0), wholeParam(params, 'diff', 0)];
    const people = wholeParam(params, 'num_needles', 1) + 1;
    const names = await files.names(config.needleFile, config.language, people);
    return (repeat) => {
      const family = familyOf(pythonRandom(repeat), names, people, config.language);
      return {
        needles: family.told,
        stack: (straw, stack) => stackedFrom(straw, stack, depth, step),
        question: eldestQuestion(family.names.at(-1)!, config.language),
        answer: family.names[0]!,
      };
    };
  },
);

/** Ancestral Trace Challenge: rows `{prompt, answer, question_type}`, a family of `num_needles` and one, told without any other text. */
export const NeedleBenchATCDataset: DatasetType = {
  name: 'NeedleBenchATCDataset',
  async load(options) {
    const { params } = options;
    const language = languageParam(params);
    const people = wholeParam(params, 'num_needles', 1) + 1;
    const repeats = wholeParam(params, 'repeats', 1);
    const { file_name: file = 'names.json' } = params;
    const names = await (await filesOf(options, String(file))).names(String(file), language, people);
    const test = KINDS.flatMap((kind, number) =>
      Array.from({ length: repeats }, (_, i) => {
        const random = pythonRandom(i + 1 + 10_000 * number);
        const { names: chain, told, generations } = familyOf(random, names, people, language);
        const [eldest, youngest] = [chain[0]!, chain.at(-1)!];
        const story = told.join(language === 'Chinese' ? '' : ' ');
        return {
          prompt: familyQuestion(kind, { story, eldest, youngest, generations }, language),
          answer: {
            ELDEST_ANCESTOR: eldest,
            NTH_ANCESTOR: eldest,
            NTH_DESCENDANT: youngest,
            RELATIONSHIP_DISTANCE: String(generations),
          }[kind],
          question_type: kind,
        };
      }),
    );
    return { train: test, test };
  },
};

interface Made {
  readonly needles: readonly string[];
  readonly question: string;
  readonly answer: string;
  stack(straw: Straw, stack: Stack): string;
}

/** What is asked in a repetition, counted from 0. */
type Make = (repeat: number) => Made;

function ofDocuments(
  name: string,
  prepared: (files: Files, config: DocumentConfig, params: LoadOptions['params']) => Promise<Make>,
): DatasetType {
  return {
    name,
    usesTokenizer: true,
    async load(options) {
      const config = documentConfig(options.params);
      const files = await filesOf(options, config.needleFile);
      const tokenizer = await options.tokenizer?.(config.tokenizerPath);
      const make = await prepared(files, config, options.params);
      const straw = strawOf(tokenizer);
      const test: Row[] = [];
      for (const file of config.fileList) {
        const corpus = await files.corpus(file);
        for (let repeat = 0; repeat < config.repeats; repeat++)
          test.push(rowOf(make(repeat), straw, orderOf(corpus, repeat), config));
      }
      return { train: test, test, notes: tokenizer === undefined ? [IN_WORDS] : [] };
    },
  };
}

/** A row whose prompt is made when it is read: the hundreds of tasks of a size have more text than memory holds. */
function rowOf(
  { needles, question, answer, stack }: Made,
  straw: Straw,
  texts: readonly string[],
  { length, lengthBuffer, language, position }: DocumentConfig,
): Row {
  return {
    get prompt() {
      const document = stack(straw, { texts, needles, length: length - lengthBuffer });
      return askedOf(document, question, language, position);
    },
    answer,
  };
}

const IN_WORDS =
  "the model's config names no tokenizer (path): lengths are counted in words, of Chinese in characters, not in tokens";

/** Straw by tokenizer: dozens of tasks are made of the same texts. */
const straws = new WeakMap<object, Straw>();
const inWords = {};

function strawOf(tokenizer: Tokenizer | undefined): Straw {
  const known = straws.get(tokenizer ?? inWords) ?? new Straw(cutterOf(tokenizer));
  straws.set(tokenizer ?? inWords, known);
  return known;
}

interface Needle {
  readonly language: unknown;
  readonly needle: string;
  readonly question: string;
  /** What the question is about, and the word that answers it. */
  readonly subject: string;
  readonly keyword: string;
}

interface Files {
  needles(): Promise<Needle[]>;
  names(file: string, language: NeedleLanguage, atLeast: number): Promise<readonly string[]>;
  corpus(file: string): Promise<Corpus>;
}

/** Texts of a file, and the orders that they are taken in, each a shuffle of the one before. */
interface Corpus {
  readonly texts: readonly string[];
  readonly orders: string[][];
}

function orderOf({ texts, orders }: Corpus, repeat: number): readonly string[] {
  while (orders.length <= repeat) {
    const order = [...(orders.at(-1) ?? texts)];
    pythonRandom(orders.length).shuffle(order);
    orders.push(order);
  }
  return orders[repeat]!;
}

/** The files that were read last. */
const corpora = new Map<string, Promise<Corpus>>();
const MOST_CORPORA = 4;

function corpusIn(file: string): Promise<Corpus> {
  const known = corpora.get(file) ?? readCorpus(file);
  corpora.set(file, known);
  for (const [oldest] of corpora) if (corpora.size > MOST_CORPORA) corpora.delete(oldest);
  return known;
}

async function readCorpus(file: string): Promise<Corpus> {
  return { texts: await readJsonl(file, (row, where) => textIn(row, 'text', where)), orders: [] };
}

/** The files in the folder that has this one. */
async function filesOf({ path, roots }: LoadOptions, file: string): Promise<Files> {
  const folder = await locateFolder({ path, roots }, { files: [file], source: SOURCE, usual: USUAL });
  return {
    needles: () => readJsonl(join(folder, file), toNeedle),
    names: (name, language, atLeast) => namesIn(join(folder, name), language, atLeast),
    corpus: (name) => corpusIn(join(folder, name)),
  };
}

function toNeedle(row: Row, where: string): Needle {
  return {
    language: row['language'],
    needle: textIn(row, 'needle', where),
    question: textIn(row, 'retrieval_question', where),
    subject: textIn(row, 'arg1', where),
    keyword: textIn(row, 'arg2', where),
  };
}

async function namesIn(file: string, language: NeedleLanguage, atLeast: number): Promise<readonly string[]> {
  const lists = await readJson(file);
  const list = typeof lists === 'object' && lists !== null ? (lists as Row)[language] : undefined;
  if (typeof list !== 'string') throw badRow(file, `it has no text of names under '${language}'`);
  const names = list.split(',');
  if (names.length < atLeast)
    throw badRow(file, `it has ${names.length} names, of which ${atLeast} are asked for`);
  return names;
}

/** Facts of which no two are about the same or are told by the same word, the first ones. */
function differing(needles: readonly Needle[]): Needle[] {
  const [subjects, keywords] = [new Set<string>(), new Set<string>()];
  return needles.filter(({ subject, keyword }) => {
    if (subjects.has(subject) || keywords.has(keyword)) return false;
    subjects.add(subject);
    keywords.add(keyword);
    return true;
  });
}
