import { changeCase } from './change-case.ts';
import { combination } from './combination.ts';
import { detectableContent } from './detectable-content.ts';
import { detectableFormat } from './detectable-format.ts';
import { keywords } from './keywords.ts';
import { badInstruction } from './kwargs.ts';
import { language } from './language.ts';
import { length } from './length.ts';
import { punctuation } from './punctuation.ts';
import { startEnd } from './start-end.ts';
import type { Check, Family, Kwargs } from './types.ts';

/** The 25 instruction types of IFEval, by the two halves of their ids. */
export const FAMILIES: Readonly<Record<string, Family>> = {
  keywords,
  language,
  length_constraints: length,
  detectable_content: detectableContent,
  detectable_format: detectableFormat,
  combination,
  startend: startEnd,
  change_case: changeCase,
  punctuation,
};

export interface Instruction {
  /** `length_constraints:number_words`. */
  readonly id: string;
  readonly isFollowed: Check;
}

/** What instructions there are, and what they are of. */
interface Benchmark {
  readonly name: string;
  readonly families: Readonly<Record<string, Family>>;
}

const IFEVAL: Benchmark = { name: 'IFEval', families: FAMILIES };

/**
 * The instructions of a row: an object with `key`, `instruction_id_list` and `kwargs`, or its JSON text. Throws
 * DSET-DATA-002 naming the row for any other, for an unknown id and for kwargs that lack what the check needs.
 */
export function instructionsOf(gold: unknown, { name, families } = IFEVAL): Instruction[] {
  const { key, instruction_id_list: ids, kwargs } = recordOf(typeof gold === 'string' ? parsed(gold) : gold);
  const row = `${name}, key ${String(key)}`;
  if (!Array.isArray(ids) || !Array.isArray(kwargs) || ids.length === 0 || ids.length !== kwargs.length) {
    throw badInstruction(row, "'instruction_id_list' and 'kwargs' are not two lists of the same length");
  }
  return ids.map((id: unknown, i) =>
    instructionOf(families, String(id), { values: recordOf(kwargs[i]), where: `${row}, ${String(id)}` }),
  );
}

function instructionOf(families: Benchmark['families'], id: string, kwargs: Kwargs): Instruction {
  const [family = '', type = ''] = id.split(':');
  const types = Object.hasOwn(families, family) ? families[family] : undefined;
  const make = types !== undefined && Object.hasOwn(types, type) ? types[type] : undefined;
  if (make === undefined) throw badInstruction(kwargs.where, 'there is no such instruction type');
  return { id, isFollowed: make(kwargs) };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
