/** Limits on the size of a reply, so that no server can fill the client's memory, and the `Retry-After` header. */
import { UnreadableError } from './failure.ts';
import type { ReplySink } from './types.ts';

type IncomingHeaders = Parameters<ReplySink['onHeaders']>[1];

const MIB = 1024 * 1024;

/** Bytes of a whole reply: more than 100,000 tokens with twenty logprobs each. */
export const BODY_LIMIT = 256 * MIB;
/** Bytes of a streamed reply, in which every event repeats its envelope. */
export const STREAM_LIMIT = 1024 * MIB;
/** Characters of one event. */
export const EVENT_LIMIT = 16 * MIB;

/** Stretches of a body in one read: a chunk takes six bytes at least, so those of a read of 64 KiB are no more. */
export const MOST_STRETCHES = 11_000;

/** Makes the error for a reply, stream or event above its limit in bytes. */
export function tooLarge(what: string, limit: number): UnreadableError {
  return new UnreadableError(`${what} is larger than ${limit / MIB} MiB: the rest was not read`);
}

/**
 * Reads a `Retry-After` header, in seconds or as an HTTP date (RFC 9110, 10.2.3), as milliseconds; undefined where it is
 * neither. A date is counted from the reply's own `Date`, so that two clocks that differ do no harm; `now`, Unix time in ms, is the fallback.
 */
export function retryAfterMs(headers: IncomingHeaders, now: number): number | undefined {
  const text = first(headers['retry-after'])?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = httpDate(text);
  return at && Math.max(0, at - (httpDate(first(headers['date'])) ?? now));
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Unix time in ms. */
function httpDate(text = ''): number | undefined {
  const at = /^[A-Z][a-z]+, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
