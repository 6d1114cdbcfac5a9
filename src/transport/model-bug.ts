import { messageOf } from '../contract/errors.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { Failure } from '../contract/record.ts';
import { excerpt } from './failure.ts';

/** A class of the user's (or of ours) threw: what, and from which method, unless the error names it. */
export function modelBug(thrown: unknown, method: string): Failure {
  if (thrown instanceof MethodError) return modelBug(thrown.cause, thrown.method);
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return { kind: 'model-bug', message: `${method} threw: ${messageOf(thrown)}`, bodyExcerpt: excerpt(stack) };
}

/** A method of a model class threw. */
export class MethodError extends Error {
  readonly method: string;

  constructor(method: string, cause: unknown) {
    super(`${method} threw: ${messageOf(cause)}`, { cause });
    this.method = method;
  }
}

/** Throws where a parser left something among the tool calls that would only break a summary later. */
export function checkOutput({ toolCalls }: RequestOutput): void {
  if (!Array.isArray(toolCalls)) throw mustBe('toolCalls', 'a list', toolCalls);
  for (const call of toolCalls) {
    if (typeof call?.arguments !== 'string') throw mustBe('toolCalls[].arguments', 'text', call?.arguments);
  }
}

function mustBe(field: string, expected: string, value: unknown): TypeError {
  return new TypeError(
    `output.${field} must be ${expected}, but it was set to ${String(JSON.stringify(value))}`,
  );
}
