import type { BaseAPIModel } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { Failure } from '../contract/record.ts';
import { errorIn, excerpt, wordsOf } from './failure.ts';
import { checkOutput, modelBug } from './model-bug.ts';

/** Reads a whole JSON reply through the model's parser; returns why it is none. */
export async function readTextReply(
  model: BaseAPIModel,
  body: string,
  output: RequestOutput,
): Promise<Failure | undefined> {
  if (body.trim() === '') return { kind: 'bad-reply', message: 'the reply has no body' };
  let data: unknown;
  try {
    data = JSON.parse(body);
  } catch {
    const message = `the reply is not JSON: ${wordsOf(body).slice(0, 200)}`;
    return { kind: 'bad-reply', message, bodyExcerpt: excerpt(body) };
  }
  const error = errorIn(data);
  if (error !== undefined) return { kind: 'server-error', message: error, bodyExcerpt: excerpt(body) };
  try {
    await model.parseTextResponse?.(data, output);
    checkOutput(output);
  } catch (thrown) {
    return modelBug(thrown, 'parseTextResponse');
  }
  if (output.error !== undefined)
    return { kind: 'server-error', message: output.error, bodyExcerpt: excerpt(body) };
  return undefined;
}
