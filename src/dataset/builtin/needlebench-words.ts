/** Keys of NeedleBench's dataset configs, as AISBench has them. */

import type { LoadOptions } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import type { PythonRandom } from '../python-random.ts';

// Families made up of a list of names: who is whose father, a chain from the eldest to the youngest, told in any order.

const LANGUAGES = ['English', 'Chinese'] as const;
export type NeedleLanguage = (typeof LANGUAGES)[number];

/** Word for a relative → generations between. */
const RELATIVES: Readonly<Record<NeedleLanguage, Readonly<Record<string, number>>>> = {
  English: {
    ...{ father: 1, mother: 1, dad: 1, mom: 1, grandfather: 2, grandmother: 2 },
    ...{ 'maternal grandmother': 2, 'maternal grandfather': 2 },
    ...{ 'paternal grandfather': 2, 'paternal grandmother': 2 },
  },
  Chinese: { 父亲: 1, 母亲: 1, 爸爸: 1, 妈妈: 1, 爷爷: 2, 奶奶: 2, 姥姥: 2, 姥爷: 2, 外公: 2, 外婆: 2 },
};

/** As many ways to say it as AISBench has, so that the same draws make the same families; `{A}` is the elder. */
const SENTENCES: Readonly<Record<NeedleLanguage, readonly string[]>> = {
  English: [
    "{A} is {B}'s {relative}.",
    "{B}'s {relative} is {A}.",
    "As {B}'s {relative}, {A} had a large part in how {B} grew up.",
    "{A}, whom {B} looks up to, is {B}'s {relative}.",
    "While {B} was growing up, {A}, who is {B}'s {relative}, was the guardian too.",
    "{B} has a friend in {A}, who is also {B}'s {relative}.",
    "{A} has taught {B} all through life, and is {B}'s {relative}.",
  ],
  Chinese: [
    '{A}是{B}的{relative}。',
    '{B}的{relative}是{A}。',
    '作为{B}的{relative}，{A}深深影响了{B}的成长。',
    '{A}是{B}的{relative}，也是{B}学习的对象。',
    '{B}长大的过程中，{A}既是{B}的{relative}，也是监护人。',
    '在{B}心里，{A}既是{relative}，又是朋友。',
  ],
};

interface Lineage {
  /** The eldest first. */
  readonly names: readonly string[];
  /** A sentence for each neighbouring two, in any order. */
  readonly told: readonly string[];
  /** Generations between the first and the last. */
  readonly generations: number;
}

/** A family of so many people, drawn as AISBench draws it. */
export function familyOf(
  random: PythonRandom,
  allNames: readonly string[],
  people: number,
  language: NeedleLanguage,
): Lineage {
  const names = random.sample(allNames, people);
  const relatives = Object.entries(RELATIVES[language]);
  let generations = 0;
  const told = names.slice(1).map((younger, i) => {
    const sentence = random.choice(SENTENCES[language]);
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

type ByLanguage = Readonly<Record<NeedleLanguage, string>>;

/** Where a question is: behind the document, or before it. */
const POSITIONS = ['End', 'Start'] as const;
type Position = (typeof POSITIONS)[number];

const DOCUMENT: ByLanguage = {
  English: '<Document>\n{context}\n</Document>',
  Chinese: '<文档>\n{context}\n</文档>',
};

const ASKED: Readonly<Record<Position, ByLanguage>> = {
  End: {
    English:
      'Read this long document. A question about it follows.\n\n{document}\n\nFrom the document, answer this: {question}\n',
    Chinese: '请阅读下面的长文档，文档后面有一个问题。\n\n{document}\n\n请根据文档回答：{question}\n',
  },
  Start: {
    English: 'Answer this from the long document below: {question}\n\n{document}\n',
    Chinese: '请根据下面的长文档回答：{question}\n\n{document}\n',
  },
};

/** A document with a question about it. */
export function askedOf(
  context: string,
  question: string,
  language: NeedleLanguage,
  position: Position,
): string {
  const document = filled(DOCUMENT[language], { context });
  return filled(ASKED[position][language], { document, question });
}

const LIST: ByLanguage = {
  English: '{questions} Give all answers, in order, in this form: "{forms}".',
  Chinese: '{questions}请依次回答所有问题，格式为“{forms}”。',
};

/** Several questions, each of which says how it wants to be answered between single quotes. */
export function questionsOf(questions: readonly string[], language: NeedleLanguage): string {
  const [mark, stop] = language === 'Chinese' ? (['？', '。'] as const) : (['?', '.'] as const);
  const asked = questions.map((question) => `${question.split(mark)[0]}${mark}`);
  const forms = questions.map((question) => (question.split("'")[1] ?? '').split(stop)[0]!);
  const between = language === 'Chinese' ? '' : ' ';
  return filled(LIST[language], { questions: asked.join(between), forms: forms.join('; ') });
}

const RULES: ByLanguage = {
  English: `Notes:
- Names tell nothing: a name that sounds like a woman's may be a father's, and a child may have any surname.
- Put your final answer in a box at the end of your reply: \\boxed{your answer}.`,
  Chinese: `注意：
- 名字不说明任何问题：听起来像女性的名字也可以是父亲的名字，孩子可以有任何姓氏。
- 请在回答的最后把答案放在方框里：\\boxed{你的答案}。`,
};

const COUNTING: ByLanguage = {
  English:
    'A father, mother, dad or mom is one generation away, a grandfather or grandmother of either side is two.',
  Chinese: '父亲、母亲、爸爸、妈妈相隔一代，爷爷、奶奶、姥姥、姥爷、外公、外婆相隔两代。',
};

const ELDEST: ByLanguage = {
  English:
    "who is the eldest relative that '{youngest}' can be traced back to? If Ann's grandmother is Bo, Bo's father is Cy, and nothing else is told of them, then Ann's is Cy.",
  Chinese:
    '“{youngest}”能够追溯到的最年长的亲人是谁？例如：如果小安的姥姥是小白，小白的父亲是小陈，此外没有别的信息，那么小安能够追溯到的最年长的亲人就是小陈。',
};

/** Who is the eldest of a family, in a document; with the rules of such questions. */
export function eldestQuestion(youngest: string, language: NeedleLanguage): string {
  const start = language === 'Chinese' ? '在文档中，' : 'In the document, ';
  return `${start}${filled(ELDEST[language], { youngest })}\n\n${RULES[language]}`;
}

/** Kinds of questions about a family, in AISBench's order: the seeds are by it. */
export const KINDS = ['ELDEST_ANCESTOR', 'NTH_ANCESTOR', 'NTH_DESCENDANT', 'RELATIONSHIP_DISTANCE'] as const;
type QuestionKind = (typeof KINDS)[number];

const TOLD: ByLanguage = {
  English:
    'This is a test of reasoning in many steps. Below is told, in no order, how some people are related.\n\n{story}\n\nFrom this alone, {question}\n\n{rules}\n',
  Chinese:
    '这是一个多步推理能力的测试。下面以打乱的顺序说明了一些人的亲属关系。\n\n{story}\n\n仅根据以上内容，{question}\n\n{rules}\n',
};

const ABOUT: Readonly<Record<QuestionKind, ByLanguage>> = {
  ELDEST_ANCESTOR: ELDEST,
  NTH_ANCESTOR: {
    English:
      "who is the ancestor of '{youngest}' that is {n} generations away? {counting} If Ann's grandmother is Bo and Bo's father is Cy, then Bo is 2 and Cy 3 generations away from Ann.",
    Chinese:
      '“{youngest}”的第{n}代祖先是谁？{counting}例如：如果小安的姥姥是小白，小白的父亲是小陈，那么小白是小安的第2代祖先，小陈是小安的第3代祖先。',
  },
  NTH_DESCENDANT: {
    English:
      "who is the descendant of '{eldest}' that is {n} generations away? {counting} If Ann's grandmother is Bo and Bo's father is Cy, then Ann is 2 generations away from Bo and 3 from Cy.",
    Chinese:
      '“{eldest}”的第{n}代子孙是谁？{counting}例如：如果小安的姥姥是小白，小白的父亲是小陈，那么小安是小白的第2代子孙，是小陈的第3代子孙。',
  },
  RELATIONSHIP_DISTANCE: {
    English:
      "how many generations are there between '{eldest}' and '{youngest}'? {counting} If Ann's grandmother is Bo and Bo's father is Cy, then there are 3 between Ann and Cy. Answer with the number.",
    Chinese:
      '“{eldest}”和“{youngest}”之间相隔几代？{counting}例如：如果小安的姥姥是小白，小白的父亲是小陈，那么小安和小陈之间相隔3代。请用数字回答。',
  },
};

interface FamilyStory {
  readonly story: string;
  readonly eldest: string;
  readonly youngest: string;
  readonly generations: number;
}

/** A family's story with a question of a kind about it. */
export function familyQuestion(
  kind: QuestionKind,
  { story, generations, ...people }: FamilyStory,
  language: NeedleLanguage,
): string {
  const values = { ...people, n: String(generations), counting: COUNTING[language] };
  const question = filled(ABOUT[kind][language], values);
  return filled(TOLD[language], { story, question, rules: RULES[language] });
}

type Params = LoadOptions['params'];

/** What the three tasks with a document have in common. */
export interface DocumentConfig {
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
export function documentConfig(params: Params): DocumentConfig {
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
export function languageParam(params: Params): NeedleLanguage {
  return oneOfParam(params, 'language', LANGUAGES);
}

/** Throws UTILS-CFG-002. */
export function wholeParam(params: Params, key: string, least: number): number {
  const value = params[key];
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw badParam(key, value, `a whole number of ${least} or more`);
}

/** Depths in percent of the document. Throws UTILS-CFG-002. */
export function depthsParam(params: Params): readonly number[] {
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

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function badParam(key: string, value: unknown, wanted: string): AisBenchError {
  const what = value === undefined ? 'is missing' : `is ${JSON.stringify(value)}`;
  return new AisBenchError('UTILS-CFG-002', `the dataset config's ${key} ${what}`, {
    where: key,
    cure: `give ${wanted}`,
  });
}
