/** Keys of NeedleBench's dataset configs, as AISBench has them. */

import type { LoadOptions } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import { LANGUAGES, type Language } from './kinship.ts';
import { POSITIONS, type Position } from './words.ts';

type Params = LoadOptions['params'];

/** What the three tasks with a document have in common. */
export interface DocumentConfig {
  /** Tokens of the document with its needles, and of what else a prompt has. */
  readonly length: number;
  readonly fileList: readonly string[];
  readonly repeats: number;
  /** Tokens of `length` that are left for the rest of the prompt. */
  readonly lengthBuffer: number;
  readonly language: Language;
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
export function languageParam(params: Params): Language {
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
