/** Evaluators and post-processors of a user's own: what they throw or return is checked, and said by their names. */
import { defined } from '../basics/defined.ts';
import { AisBenchError, type ErrorDetail, messageOf } from '../contract/errors.ts';
import {
  type Configurable,
  type Evaluator,
  type Grade,
  type Postprocessor,
  type PredPostprocessor,
  sameByBothRules,
} from '../evaluate/types.ts';

/** A part of `eval_cfg`: its name, and its further keys. */
interface NamedPart {
  readonly type: string;
  readonly [option: string]: unknown;
}

const AGAIN = 'correct it, then score the answers again: --mode eval --reuse';

function refusal(message: string, detail: ErrorDetail): AisBenchError {
  return new AisBenchError('PLUGIN-IMPL-001', message, detail);
}

/**
 * Makes an evaluator of the user's own of its options. Throws PLUGIN-IMPL-001 where its function makes none, and when it throws or gives what
 * is no grade: the answers are on disk, and can be scored again.
 */
export function ownEvaluator(
  evaluator: Configurable<Evaluator>,
  { type, ...options }: NamedPart,
  dataset: string,
): Evaluator {
  const refuse = (what: string, cure: string, cause?: unknown) =>
    refusal(`the evaluator "${type}" ${what}`, { where: `${dataset}: eval_cfg.evaluator`, cure, cause });
  const called = async <T>(call: () => T | Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (cause) {
      throw refuse(`threw: ${messageOf(cause)}`, AGAIN, cause);
    }
  };
  const made: unknown = typeof evaluator === 'function' ? evaluator(options) : evaluator;
  const own = made as Evaluator;
  if (typeof (made as Partial<Evaluator> | undefined)?.grade !== 'function')
    throw refuse('has no grade()', 'return { name, grade(sample) } from its function');
  const { name = type, metric, concurrency } = own;
  return {
    ...{ name, ...defined({ metric, concurrency }) },
    ...defined({ measures: own.measures?.bind(own), finish: own.finish?.bind(own) }),
    grade: async (sample) => {
      const grade = await called(() => own.grade(sample));
      const credit: unknown = (grade as Partial<Grade> | undefined)?.credit;
      if (typeof credit === 'number' && credit >= 0 && credit <= 1) return grade;
      throw refuse(`gave the credit ${String(credit)}, which is not between 0 and 1`, AGAIN);
    },
  };
}

/** Makes a post-processor of the user's function, the same under both rule sets. Throws PLUGIN-IMPL-001 where it throws or returns no text. */
export function ownPostprocessor(
  find: Postprocessor,
  { type, ...options }: NamedPart,
  dataset: string,
): PredPostprocessor {
  const where = `${dataset}: eval_cfg.pred_postprocessor`;
  const called = (text: string): unknown => {
    try {
      return find(text, options);
    } catch (cause) {
      const what = `the post-processor "${type}" threw: ${messageOf(cause)}`;
      throw refusal(what, { where, cure: AGAIN, cause });
    }
  };
  return sameByBothRules(type, (text) => {
    const answer = called(text);
    if (answer === undefined) return undefined;
    if (typeof answer !== 'string')
      throw refusal(`the post-processor "${type}" returned ${JSON.stringify(answer)}`, {
        ...{ where, cure: 'return the answer as a text, or undefined where there is none' },
      });
    const at = text.lastIndexOf(answer);
    const span = at < 0 ? ([0, text.length] as const) : ([at, at + answer.length] as const);
    return { answer, rule: type, span };
  });
}
