/** What a reply may hold, so that no server can fill the memory of the client; and what a server asks to be waited for. */
import { UnreadableError } from './failure.ts';

const MIB = 1024 * 1024;

/** Bytes of a whole reply: more than 100,000 tokens with twenty logprobs each. */
export const BODY_LIMIT = 256 * MIB;
/** Bytes of a streamed reply, in which every event repeats its envelope. */
export const STREAM_LIMIT = 1024 * MIB;
/** Characters of one event. */
export const EVENT_LIMIT = 16 * MIB;

export function tooLarge(what: string, limit: number): UnreadableError {
  return new UnreadableError(`${what} is larger than ${limit / MIB} MiB: the rest was not read`);
}

/**
 * Milliseconds that a `Retry-After` header asks for, in seconds or as an HTTP date (RFC 9110, 10.2.3); undefined where it is
 * neither. `now` is Unix time in ms.
 */
export function retryAfterMs(value: string | string[] | undefined, now: number): number | undefined {
  const text = (Array.isArray(value) ? value[0] : value)?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const at = /^[A-Z][a-z]+, /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}
