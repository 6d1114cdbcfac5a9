import type { BaseAPIModel } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { Failure } from '../contract/record.ts';
import { errorIn, excerpt, wordsOf } from './failure.ts';
import { modelBug } from './model-bug.ts';

/** What a body was that held no event. */
export function notAStream(body: string): Failure {
  if (body.split(/[\r\n]/).every((line) => line.trim() === '' || line.startsWith(':')))
    return { kind: 'bad-reply', message: 'the stream ended without a single event' };
  try {
    const error = errorIn(JSON.parse(body));
    if (error !== undefined) return { kind: 'server-error', message: error, bodyExcerpt: excerpt(body) };
  } catch {
    // Not JSON: said below as what it is.
  }
  const message = `the reply is no event stream (does the service stream here?): ${wordsOf(body).slice(0, 200)}`;
  return { kind: 'bad-reply', message, bodyExcerpt: excerpt(body) };
}

/** Why a stream with events is not complete; undefined where it is. */
export function unended(model: BaseAPIModel, output: RequestOutput, sawDone: boolean): Failure | undefined {
  try {
    if (model.streamIsComplete?.(output, sawDone) ?? true) return undefined;
  } catch (thrown) {
    return modelBug(thrown, 'streamIsComplete');
  }
  return { kind: 'truncated', message: 'the stream ended without [DONE] and without a finish reason' };
}
