import type { Failure } from '../record.ts';
import { errorIn, excerpt, wordsOf } from './failure.ts';

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
