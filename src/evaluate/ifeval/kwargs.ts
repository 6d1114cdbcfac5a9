import { AisBenchError } from '../../contract/errors.ts';

/** Whether a reply follows one instruction. The reply is never blank: a blank one follows none. */
export type InstructionCheck = (reply: string) => boolean;

/** What an instruction requires: `{num_words: 300, relation: 'at least'}`. A null is as good as a missing one. */
export interface InstructionKwargs {
  readonly values: Readonly<Record<string, unknown>>;
  /** Which instruction of which row they are, for errors. */
  readonly where: string;
}

/**
 * Reads the kwargs and makes the check, by the second half of an instruction's id (`keywords:existence`). Throws
 * DSET-DATA-002 for kwargs that lack what the check needs: google-research's code would draw it at random then.
 */
export type InstructionFamily = Readonly<Record<string, (kwargs: InstructionKwargs) => InstructionCheck>>;

/** A number that is 0 or more. Throws DSET-DATA-002. */
export function numberOf(kwargs: InstructionKwargs, name: string): number {
  const value = kwargs.values[name];
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw badInstruction(kwargs.where, `its kwargs have no number in '${name}'`);
  }
  return value;
}

/** A text that is not blank. Throws DSET-DATA-002. */
export function exactTextOf(kwargs: InstructionKwargs, name: string): string {
  const value = kwargs.values[name];
  if (typeof value !== 'string' || value.trim() === '') {
    throw badInstruction(kwargs.where, `its kwargs have no text in '${name}'`);
  }
  return value;
}

/** A text that is not blank, without the space around it. Throws DSET-DATA-002. */
export function textOf(kwargs: InstructionKwargs, name: string): string {
  return exactTextOf(kwargs, name).trim();
}

/** A list of texts that is not empty. Throws DSET-DATA-002. */
export function textsOf(kwargs: InstructionKwargs, name: string): string[] {
  const value = kwargs.values[name];
  if (!Array.isArray(value) || value.length === 0 || value.some((one) => typeof one !== 'string')) {
    throw badInstruction(kwargs.where, `its kwargs have no list of texts in '${name}'`);
  }
  return value;
}

/** Whether a count is as it was asked for. */
type CountComparison = (count: number) => boolean;

/** `less than` or `at least` the number in `limit`. Throws DSET-DATA-002. */
export function comparisonOf(kwargs: InstructionKwargs, relation: string, limit: string): CountComparison {
  const bound = numberOf(kwargs, limit);
  const value = kwargs.values[relation];
  if (value === 'less than') return (count) => count < bound;
  if (value === 'at least') return (count) => count >= bound;
  throw badInstruction(kwargs.where, `its kwargs say neither 'less than' nor 'at least' in '${relation}'`);
}

/** DSET-DATA-002 for an instruction that cannot be checked. */
export function badInstruction(where: string, what: string): AisBenchError {
  return new AisBenchError('DSET-DATA-002', `an instruction cannot be checked: ${what}`, {
    where,
    cure: 'fetch the file of its dataset again, or correct that row',
  });
}
