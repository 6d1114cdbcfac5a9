/** What an evaluator of questions about images gets of a question: the right answer, its options where it has some, its groups. */
import { badGold } from '../text/gold.ts';
import type { Options } from './read-option.ts';

export interface ChoiceGold {
  /** The right letter; of a question without options the right text. */
  readonly answer: string;
  /** Letter → text; absent for a question without options. */
  readonly choices?: Options;
  /** What the answer counts in beside the whole: a subject, a category, a level. */
  readonly groups: readonly string[];
}

/**
 * The gold `{answer, choices, groups}`; `choices` may be JSON text, as in AISBench's own. Throws RUN-DATA-001 for another one.
 */
export function readChoiceGold(gold: unknown, evaluator: string): ChoiceGold {
  const { answer, choices, groups = [] } = (gold ?? {}) as Record<string, unknown>;
  const options = typeof choices === 'string' ? parsed(choices) : choices;
  const isRight =
    (typeof answer === 'string' || typeof answer === 'number') &&
    (options === undefined || isTable(options)) &&
    Array.isArray(groups);
  if (!isRight)
    throw badGold(gold, evaluator, 'of the form {answer, choices: {letter: text}, groups: [name]}');
  return {
    answer: String(answer),
    ...(options === undefined ? {} : { choices: mapped(options as Readonly<Record<string, unknown>>) }),
    groups: groups.map(String),
  };
}

function mapped(options: Readonly<Record<string, unknown>>): Options {
  return Object.fromEntries(
    Object.entries(options).map(([letter, text]) => [letter, text === null ? null : String(text)]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
