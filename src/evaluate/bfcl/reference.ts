import { AisBenchError, messageOf } from '../../contract/errors.ts';
import { parsePyJson } from '../../python-data/json.ts';
import { isPyList, PyDict, type PyValue } from '../../python-data/value.ts';
import type { Task } from './check-call.ts';
import type { ExpectedCall, FunctionSpec, Language } from './types.ts';

/** A row as it is kept beside its answer (`reference` of BFCLDataset). */
export interface BfclReference {
  readonly category: string;
  /** How the model was asked: with tools, or with functions written in the prompt. */
  readonly asked?: 'tools' | 'text';
  /** Names and types of the functions, as JSON values. */
  readonly functions: readonly FunctionSpec[];
  /** The row of `possible_answer/` as it is written, for `7.0` is no `7`; absent where no call is expected, or any. */
  readonly answer?: string;
}

/** Throws RUN-DATA-001 for a gold that BFCLDataset did not make. */
export function readBfclReference(gold: unknown): BfclReference & Task {
  const reference = gold as BfclReference | null;
  if (typeof reference?.category !== 'string' || !Array.isArray(reference.functions)) {
    throw broken('it has no category and no functions');
  }
  const { answer } = reference;
  const language = languageOf(reference.category);
  return { ...reference, language, expected: answer === undefined ? [] : expectedCalls(answer) };
}

function languageOf(category: string): Language {
  return category === 'java' || category === 'javascript' ? category : 'python';
}

/** The calls of a row of `possible_answer/`. Throws RUN-DATA-001. */
function expectedCalls(line: string): ExpectedCall[] {
  let row: PyValue;
  try {
    row = parsePyJson(line);
  } catch (cause) {
    throw broken(messageOf(cause));
  }
  const calls = row instanceof PyDict ? row.get('ground_truth') : undefined;
  if (!isPyList(calls)) throw broken('it has no list ground_truth');
  return calls.map((call) => {
    const [name, values] = (call instanceof PyDict ? [...call.entries()][0] : undefined) ?? [];
    if (typeof name !== 'string' || !(values instanceof PyDict)) throw broken('an expected call has no name');
    if ([...values.entries()].some(([, right]) => !isPyList(right))) {
      throw broken(`a parameter of ${name} has no list of right values`);
    }
    return { name, values };
  });
}

function broken(what: string): AisBenchError {
  return new AisBenchError('RUN-DATA-001', `the reference of this answer is not one of BFCL: ${what}`, {
    where: 'gold',
    cure: 'run again with a dataset of type BFCLDataset',
  });
}
