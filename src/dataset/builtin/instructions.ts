/** Instructions to follow and functions to call: IFEval, IFBench and BFCL. */
import { join, posix } from 'node:path';
import { nearest } from '../../basics/nearest.ts';
import type { DatasetType, LoadOptions, Row } from '../../contract/dataset.ts';
import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { parsePyJson } from '../../python-data/json.ts';
import { pyRepr } from '../../python-data/repr.ts';
import { isPyList, PyDict, type PyValue } from '../../python-data/value.ts';
import { badParam, findFile, isTexts } from '../columns.ts';
import { locateFolder } from '../locate.ts';
import { readParquet } from '../parquet.ts';
import { badRow, readJsonl, readText } from '../read.ts';

// IFEval and IFBench, prompts with instructions that a program can check: rows `{key, prompt, instruction_id_list, kwargs}`; other
// copies write a null for each kwarg that an instruction has not. IFEval: google-research/instruction_following_eval, Apache-2.0,
// file `input_data.jsonl`. IFBench: allenai/IFBench_test on Hugging Face, ODC-BY, 294 prompts, Parquet or `IFBench_test.jsonl`.

const IFEVAL_SOURCE =
  'github.com/google-research/google-research (folder instruction_following_eval/data, Apache-2.0)';
const IFEVAL_DEFAULT_PATH = 'ais_bench/datasets/ifeval';
const IFEVAL_FILE = 'input_data.jsonl';

/** A row's columns. */
export interface IFEvalRow extends Row {
  readonly key: number | string;
  readonly prompt: string;
  /** `family:type` of each instruction. */
  readonly instruction_id_list: readonly string[];
  /** What each instruction requires, in their order, without nulls. */
  readonly kwargs: readonly Readonly<Record<string, unknown>>[];
}

/** Its path may be the folder, or a file of it. */
export const IFEvalDataset: DatasetType = {
  name: 'IFEvalDataset',
  reference: ({ key, instruction_id_list, kwargs, prompt }) => ({ key, instruction_id_list, kwargs, prompt }),
  async load({ path: given, roots }) {
    const path = given === '' ? IFEVAL_DEFAULT_PATH : given.replaceAll('\\', '/');
    const file = path.endsWith('.jsonl') ? posix.basename(path) : IFEVAL_FILE;
    const folder = path.endsWith('.jsonl') ? posix.dirname(path) : path;
    const place = await locateFolder({ path: folder, roots }, { files: [file], source: IFEVAL_SOURCE });
    return { train: [], test: await readJsonl(posix.join(place, file), toIFEvalRow) };
  },
};

const IFBENCH_SOURCE = 'Hugging Face, allenai/IFBench_test (ODC-BY)';
const IFBENCH_PATH = 'ais_bench/datasets/ifbench';
const IFBENCH_PARQUET = 'train-00000-of-00001.parquet';

/** Its path may be the folder, or a file of it. */
export const IFBenchDataset: DatasetType = {
  name: 'IFBenchDataset',
  reference: IFEvalDataset.reference!,
  async load(options) {
    const lines = 'IFBench_test.jsonl';
    const names = [join('data', IFBENCH_PARQUET), IFBENCH_PARQUET, lines, join('data', lines)];
    const file = await findFile(options, { usual: [IFBENCH_PATH], names, source: IFBENCH_SOURCE });
    const read = file.endsWith('.parquet') ? readParquet : readJsonl;
    return { train: [], test: await read(file, toIFEvalRow) };
  },
};

/** Checks a row, and takes the nulls out of its kwargs. Throws DSET-DATA-002 naming `where`. */
export function toIFEvalRow(row: Row, where: string): IFEvalRow {
  const { key, prompt, instruction_id_list: ids, kwargs } = row;
  if (typeof key !== 'number' && typeof key !== 'string')
    throw badRow(where, "it has no number or text in column 'key'");
  if (typeof prompt !== 'string') throw badRow(where, "it has no text in column 'prompt'");
  if (!Array.isArray(ids) || ids.length === 0 || ids.some((id) => typeof id !== 'string')) {
    throw badRow(where, "it has no list of names in column 'instruction_id_list'");
  }
  if (!Array.isArray(kwargs) || kwargs.length !== ids.length || !kwargs.every(isObject)) {
    throw badRow(where, "it has no object for each instruction in column 'kwargs'");
  }
  return { ...row, key, prompt, instruction_id_list: ids, kwargs: kwargs.map(withoutNulls) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutNulls(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

// Berkeley Function-Calling Leaderboard, v3, questions of one turn: files `BFCL_v3_<category>.json` (JSON lines
// `{id, question: [[message…]], function: [description…]}`) and `possible_answer/` beside them (`{id, ground_truth}`), as they lie
// in the folder `data` of the package bfcl-eval.

// The functions that a row of BFCL describes: for a prompt, for a service and for checking.

const SYNTAX: Readonly<Record<string, string>> = {
  python: 'Python 3',
  java: 'Java 8',
  javascript: 'JavaScript',
};

/**
 * The descriptions as a model is to see them: with the language whose syntax they are in; for Java and JavaScript every argument
 * is a text that holds the literal, and the type goes into the words.
 */
function described(functions: readonly PyValue[], language: string): PyValue[] {
  return functions.map((one) => {
    const description = `${textIn(one, 'description')} (Written in ${SYNTAX[language]} syntax.)`;
    const told = withEntry(one, 'description', description);
    if (language === 'python') return told;
    const parameters = fieldOf(one, 'parameters')!;
    const texts = new PyDict(
      entriesOf(fieldOf(parameters, 'properties')).map(
        ([name, value]) => [name, asText(value, SYNTAX[language]!)] as const,
      ),
    );
    return withEntry(told, 'parameters', withEntry(parameters, 'properties', texts));
  });
}

/** A parameter whose argument is a text. */
function asText(parameter: PyValue, syntax: string): PyValue {
  const [type, items] = [textIn(parameter, 'type'), fieldOf(parameter, 'items')];
  const fields = fieldOf(parameter, 'properties');
  const what = type === 'any' ? `any ${syntax} value` : `a ${syntax} value of the type ${type}`;
  const of = items === undefined ? '' : ` with items of the type ${textIn(items, 'type')}`;
  const shape = fields === undefined ? '' : ` with the entries ${JSON.stringify(plainOf(fields))}`;
  const description = `${textIn(parameter, 'description')} Give a string that holds ${what}${of}${shape}.`;
  const kept = entriesOf(parameter).filter(([key]) => key !== 'items' && key !== 'properties');
  return withEntry(withEntry(new PyDict(kept), 'description', description), 'type', 'string');
}

/** JSON Schema's names of BFCL's types; any other is a string. */
const SCHEMA_TYPES: Readonly<Record<string, string>> = {
  integer: 'integer',
  number: 'number',
  float: 'number',
  boolean: 'boolean',
  array: 'array',
  tuple: 'array',
  list: 'array',
  dict: 'object',
  object: 'object',
};

/** Functions in OpenAI's form; a point in a name becomes `_`, for services take none. */
function toolsOf(functions: readonly PyValue[]): unknown[] {
  return functions.map((one) => {
    const { name, parameters, ...rest } = plainOf(one) as Record<string, unknown>;
    return {
      type: 'function',
      function: { ...rest, name: String(name).replaceAll('.', '_'), parameters: schemaOf(parameters) },
    };
  });
}

function schemaOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { type, properties, items, ...rest } = value as Record<string, unknown>;
  return {
    ...rest,
    type: SCHEMA_TYPES[String(type)] ?? 'string',
    ...(type === 'float' ? { format: 'float' } : {}),
    ...(properties === undefined ? {} : { properties: mapValues(properties as object, schemaOf) }),
    ...(items === undefined ? {} : { items: schemaOf(items) }),
  };
}

function mapValues(table: object, make: (value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, make(value)]));
}

interface FunctionTypes {
  readonly name: string;
  readonly required: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly items?: string }[];
}

/** What checking needs of them. Throws DSET-DATA-002. */
function specsOf(functions: readonly PyValue[], where: string): FunctionTypes[] {
  return functions.map((one) => {
    const [name, parameters] = [fieldOf(one, 'name'), fieldOf(one, 'parameters')];
    const required = fieldOf(parameters, 'required') ?? [];
    const properties = fieldOf(parameters, 'properties');
    if (typeof name !== 'string' || !(properties instanceof PyDict) || !isPyList(required)) {
      throw badRow(where, "a function has no 'name', or no table of parameters");
    }
    return {
      name,
      required: required.map(String),
      parameters: entriesOf(properties).map(([key, value]) => {
        const items = fieldOf(value, 'items');
        const type = items === undefined ? {} : { items: textIn(items, 'type') };
        return { name: String(key), type: textIn(value, 'type'), ...type };
      }),
    };
  });
}

function fieldOf(table: PyValue | undefined, key: string): PyValue | undefined {
  return table instanceof PyDict ? table.get(key) : undefined;
}

function textIn(table: PyValue, key: string): string {
  const value = fieldOf(table, key);
  return typeof value === 'string' ? value : '';
}

function entriesOf(table: PyValue | undefined): (readonly [PyValue, PyValue])[] {
  return table instanceof PyDict ? [...table.entries()] : [];
}

/** A copy with one value changed, its place kept. */
function withEntry(table: PyValue, key: string, value: PyValue): PyDict {
  return new PyDict([...entriesOf(table), [key, value] as const]);
}

/** The value that JSON has for it. */
function plainOf(value: PyValue): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (isPyList(value)) return value.map(plainOf);
  if (!(value instanceof PyDict)) return value;
  return Object.fromEntries(entriesOf(value).map(([key, one]) => [String(key), plainOf(one)]));
}

const BFCL_SOURCE = 'the Python package bfcl-eval 2025.6.14 (folder bfcl_eval/data, Apache-2.0)';
const BFCL_DEFAULT_PATH = 'ais_bench/datasets/BFCL';

/** What a model without tools gets before the functions, where the config's template does not name `{functions}`. */
const BFCL_SYSTEM =
  'You choose functions to call. Below are the functions that you have, and then a person asks for something.\n' +
  'Reply with the calls that do what is asked, and nothing else, as one list: ' +
  '[first_function(parameter=value, other=value), second_function(parameter=value)]\n' +
  'Name every parameter. Where no function fits, or where a required value is not known, say so in words ' +
  'and call nothing.\n\n' +
  'The functions:\n';

/** Categories with calls that are right, and those where only it matters whether there is one. */
const ANSWERED = ['simple', 'multiple', 'parallel', 'parallel_multiple', 'java', 'javascript'];
const LIVE = ['live_simple', 'live_multiple', 'live_parallel', 'live_parallel_multiple'];
const RELEVANCE = ['irrelevance', 'live_irrelevance', 'live_relevance'];
const CATEGORIES = [...ANSWERED, ...LIVE, ...RELEVANCE];

/**
 * Keys `category` and `test_ids`. A row has `messages` (the dialogue as published), `functions` (their descriptions as Python shows them, for a
 * prompt), `system_prompt` (the functions with words around them) and `tools` (the same as a service takes them).
 */
export const BFCLDataset: DatasetType = {
  name: 'BFCLDataset',
  reference: ({ reference }) => reference,
  async load({ path, roots, params }) {
    const wanted = readBfclKeys(params);
    const { category } = wanted;
    const file = `BFCL_v3_${category}.json`;
    const hasAnswers = !RELEVANCE.includes(category);
    const files = hasAnswers ? [file, posix.join('possible_answer', file)] : [file];
    const folder = await locateFolder(
      // AISBench's files say '': the data of the installed package.
      { path: path === '' ? BFCL_DEFAULT_PATH : path, roots },
      { files, source: BFCL_SOURCE },
    );
    const answers = hasAnswers
      ? await readBfclLines(posix.join(folder, 'possible_answer', file))
      : new Map<string, Line>();
    const lines = await readBfclLines(posix.join(folder, file));
    const ids = wanted.ids ?? [...lines.keys()];
    const test = ids.map((id) => {
      const line = lines.get(id);
      if (line === undefined)
        throw badRow(posix.join(folder, file), `it has no row '${id}', which test_ids names`);
      const answer = answers.get(id);
      if (hasAnswers && answer === undefined) throw badRow(line.where, `possible_answer/ has no '${id}'`);
      return toBfclRow(line, category, answer?.text);
    });
    return { train: [], test };
  },
};

interface BfclKeys {
  readonly category: string;
  /** Rows to take, in this order; absent: all. */
  readonly ids: readonly string[] | undefined;
}

/** Throws UTILS-CFG-002 for a value that means nothing. */
function readBfclKeys(params: LoadOptions['params']): BfclKeys {
  const { category, test_ids: ids } = params;
  if (ids !== undefined && ids !== null && !isTexts(ids))
    throw badParam('test_ids', ids, "a list of ids, such as ['simple_0', 'simple_7']");
  return { category: categoryOf(category), ids: isTexts(ids) && ids.length > 0 ? ids : undefined };
}

function categoryOf(given: unknown): string {
  if (typeof given === 'string' && CATEGORIES.includes(given)) return given;
  const near = typeof given === 'string' ? nearest(given, CATEGORIES) : undefined;
  throw new AisBenchError('UTILS-CFG-002', `category: there is no ${JSON.stringify(given)}`, {
    where: 'category',
    cure: near === undefined ? `use one of: ${CATEGORIES.join(', ')}` : `did you mean "${near}"?`,
  });
}

interface Line {
  readonly text: string;
  readonly where: string;
  readonly row: PyDict;
}

/** The lines of a file by their ids, in their order, read as Python reads them. */
async function readBfclLines(file: string): Promise<Map<string, Line>> {
  const lines = new Map<string, Line>();
  for (const [index, text] of (await readText(file)).split('\n').entries()) {
    if (text.trim() === '') continue;
    const where = `${file}:${index + 1}`;
    const row = parseLine(text, where);
    const id = row instanceof PyDict ? row.get('id') : undefined;
    if (!(row instanceof PyDict) || typeof id !== 'string')
      throw badRow(where, "it has no text in column 'id'");
    lines.set(id, { text: text.trim(), where, row });
  }
  return lines;
}

function parseLine(text: string, where: string): PyValue {
  try {
    return parsePyJson(text);
  } catch (cause) {
    throw badRow(where, `the line is not JSON (${messageOf(cause)})`, cause);
  }
}

function toBfclRow({ row, where }: Line, category: string, answer: string | undefined): Row {
  const [turns, functions] = [row.get('question'), row.get('function')];
  if (!isPyList(turns) || turns.length !== 1) throw badRow(where, "column 'question' has not one turn");
  if (!isPyList(functions)) throw badRow(where, "it has no list in column 'function'");
  const language = category.startsWith('java') ? category : 'python';
  const specs = specsOf(functions, where);
  // A row of one function is compared with that one, whatever the expected call is named.
  if (answer !== undefined && /multiple|parallel/.test(category)) requireSpecs(answer, specs, where);
  const asked = described(functions, language);
  return {
    id: row.get('id'),
    messages: plainOf(turns[0]!),
    functions: pyRepr(asked),
    system_prompt: `${BFCL_SYSTEM}${pyRepr(asked)}`,
    tools: toolsOf(asked),
    reference: { category, functions: specs, ...(answer === undefined ? {} : { answer }) },
  };
}

/** A call that is expected must be described, or nothing could be right. */
function requireSpecs(answer: string, specs: readonly { readonly name: string }[], where: string): void {
  const { ground_truth: calls } = JSON.parse(answer) as { ground_truth?: unknown };
  if (!Array.isArray(calls)) throw badRow(where, "its row of possible_answer/ has no list 'ground_truth'");
  const unknown = calls.flatMap(Object.keys).find((name) => !specs.some((spec) => spec.name === name));
  if (unknown !== undefined) throw badRow(where, `the expected function '${unknown}' is not described`);
}
