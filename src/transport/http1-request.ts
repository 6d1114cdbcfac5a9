/** An HTTP/1.1 request as text. */
import type { HttpRequest } from './types.ts';

/** A request that HTTP does not allow: its message names the header, never its value, which may be a key. */
class UnsendableError extends Error {
  readonly code = 'ERR_INVALID_CHAR';
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7E\x80-\uFFFF]/;
/** Headers that say how the message itself is framed: they are the transport's. */
const FRAMING = new Set(['transfer-encoding', 'keep-alive', 'upgrade', 'expect', 'te', 'trailer']);

/** Head and body in one piece; one write is one packet where it fits. Throws an UnsendableError. */
export function requestText(
  { method, headers, body }: HttpRequest,
  url: URL,
): { text: string; close: boolean } {
  let host = url.host;
  let close = false;
  let lines = '';
  for (const [name, value] of Object.entries(headers)) {
    if (!TOKEN.test(name) || typeof value !== 'string' || FORBIDDEN_IN_VALUE.test(value)) {
      throw new UnsendableError(`invalid ${name} header`);
    }
    const lower = name.toLowerCase();
    if (FRAMING.has(lower)) throw new UnsendableError(`the ${name} header belongs to the transport`);
    if (lower === 'host') host = value;
    else if (lower === 'connection') close ||= value.trim().toLowerCase() === 'close';
    else if (lower !== 'content-length') lines += `${name}: ${value}\r\n`;
  }
  const target = url.pathname + url.search;
  const length = body === undefined ? '' : `content-length: ${Buffer.byteLength(body)}\r\n`;
  const connection = close ? 'close' : 'keep-alive';
  return {
    text: `${method} ${target} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}\r\n${lines}${length}\r\n${body ?? ''}`,
    close,
  };
}
