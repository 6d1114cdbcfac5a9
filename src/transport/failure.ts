import { messageOf } from '../contract/errors.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { Failure } from '../contract/record.ts';
import type { ReplySink } from './types.ts';

/** Bytes of an error body that are read: enough to know why. */
export const ERROR_BODY_LIMIT = 64 * 1024;

const EXCERPT_LENGTH = 2000;

const TIMEOUT_CODES = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT']);

/** A URL or a header (an API key with a line break, say) that HTTP does not allow. */
const UNSENDABLE_CODES = new Set([
  'UND_ERR_INVALID_ARG',
  'ERR_INVALID_URL',
  'ERR_INVALID_CHAR',
  'ERR_INVALID_HTTP_TOKEN',
  'ERR_HTTP2_INVALID_CONNECTION_HEADERS',
  'ERR_HTTP2_INVALID_HEADER_VALUE',
]);

/** The peer hung up; anything else before the headers never got as far as a connection. */
const CUT_CODES = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'HPE_INVALID_EOF_STATE',
  'ERR_HTTP2_STREAM_RESET',
  'ERR_HTTP2_STREAM_ERROR',
  'ERR_HTTP2_SESSION_ERROR',
  'ERR_HTTP2_GOAWAY_SESSION',
  'ERR_HTTP2_INVALID_SESSION',
]);

/** `<thread>:error:<number>:<library>:<function>:<reason>:<file>:…`: the reason is what a person can use. */
const OPENSSL = /^[0-9A-F]+:error:[0-9A-F]{8}:[^:]*:[^:]*:([^:]+):.*$/s;

/** Node 24 adds its own cure to errors of certificates; ours needs no change of how Node is started. */
const NODE_HINT = /; if the root CA is installed locally, try running Node\.js with --use-system-ca/;

/** What to do about errors of TLS that say little by themselves. */
const TLS_CURES: readonly (readonly [code: RegExp, cure: string])[] = [
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)/,
    'give the authority that signed its certificate as tls.ca',
  ],
  [/CERT_HAS_EXPIRED/, 'the service needs a new certificate'],
  [/ALTNAME_INVALID/, 'use the name in its certificate, or give that name as tls.server_name'],
  [/ALERT_CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE/, 'it may want a client certificate: tls.cert and tls.key'],
  [/ALERT_(UNKNOWN_CA|BAD_CERTIFICATE)/, 'it does not accept the client certificate of tls.cert'],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/, 'it does not speak TLS: is it an http:// service?'],
  [/NO_APPLICATION_PROTOCOL/, 'it does not speak HTTP/2 over TLS: take http2 out of the config'],
];

/** One of the tool's own deadlines passed. */
export class DeadlineError extends Error {}

/** The rest of the reply is not read: it is too large, or compressed. */
export class UnreadableError extends Error {}

/** The run was stopped while the request was in flight. */
export class CancelledError extends Error {}

/** Returns the failure for an error that the transport reported instead of a complete reply. */
export function failureFromError(error: Error, headersCame: boolean): Failure {
  const message = transportMessage(error);
  if (error instanceof DeadlineError) return { kind: 'timeout', message };
  if (error instanceof CancelledError) return { kind: 'cancelled', message };
  if (error instanceof UnreadableError) return { kind: 'bad-reply', message };
  const code = readCode(error);
  if (TIMEOUT_CODES.has(code)) return { kind: 'timeout', message };
  if (UNSENDABLE_CODES.has(code)) {
    return { kind: 'model-bug', message: `the request cannot be sent: ${message}` };
  }
  const cut = CUT_CODES.has(code);
  if (headersCame && (cut || !code.startsWith('HPE_'))) {
    return { kind: 'truncated', message: `the connection ended inside the reply: ${message}` };
  }
  if (cut) return { kind: 'connect', message: `the connection ended before a reply: ${message}` };
  return { kind: code.startsWith('HPE_') ? 'bad-reply' : 'connect', message };
}

function readCode(error: Error): string {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return code;
  return error instanceof AggregateError ? readCode((error.errors[0] as Error) ?? new Error()) : '';
}

function transportMessage(error: Error): string {
  const own = messageOf(error instanceof AggregateError && !error.message ? error.errors[0] : error);
  const message = own.replace(OPENSSL, '$1').replace(NODE_HINT, '');
  const code = readCode(error);
  const cure = TLS_CURES.find(([pattern]) => pattern.test(code))?.[1];
  const full = code === '' || message.includes(code) ? message : `${message} (${code})`;
  return cure === undefined ? full : `${full}; ${cure}`;
}

/** Returns the failure for a status other than 2xx, in the server's words. Redirects are not followed: each would be measured twice. */
export function failureFromStatus(status: number, body: string, location?: string): Failure {
  const words = location === undefined ? readErrorMessage(body) : `the service redirects to ${location}`;
  const message = words === '' ? `HTTP ${status}` : `HTTP ${status}: ${words}`;
  return { kind: 'http-status', status, message, bodyExcerpt: excerpt(body) };
}

/** Returns the error that a JSON reply or event carries, if any: servers wrap errors in 200 replies and streams. */
export function findError(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('error' in data)) return undefined;
  const { error } = data;
  if (error === null || error === undefined || error === false || error === '') return undefined;
  return findMessage(data) ?? JSON.stringify(error);
}

/** Returns the message of an error body in OpenAI's, FastAPI's, TGI's or Triton's shape, else its text. */
export function readErrorMessage(body: string): string {
  try {
    // Triton answers a failed stream with a 4xx whose body is one event.
    const data: unknown = JSON.parse(body.replace(/^data:\s*/, ''));
    return shorten(findMessage(data) ?? body);
  } catch {
    return shorten(/^\s*</.test(body) ? describeHtml(body) : body);
  }
}

function findMessage(data: unknown): string | undefined {
  if (typeof data === 'string') return data;
  if (Array.isArray(data)) return data.map((item) => findMessage(item) ?? JSON.stringify(item)).join('; ');
  if (typeof data !== 'object' || data === null) return undefined;
  const fields = data as Record<string, unknown>;
  for (const name of ['error', 'message', 'detail', 'msg', 'error_message']) {
    const text = findMessage(fields[name]);
    if (text !== undefined && text !== '') return name === 'msg' ? withPlace(text, fields['loc']) : text;
  }
  return undefined;
}

/** FastAPI says which field it means beside the message, not in it. */
function withPlace(text: string, place: unknown): string {
  return Array.isArray(place) ? `${place.join('.')}: ${text}` : text;
}

function describeHtml(html: string): string {
  const title = /<title[^<>]*>([^<]*)<\/title>/i.exec(html)?.[1]?.trim();
  return `an HTML page${title ? ` ("${title}")` : ''}`;
}

/** Cuts a body to what a record keeps. */
export function excerpt(text: string): string {
  return text.length <= EXCERPT_LENGTH ? text : `${text.slice(0, EXCERPT_LENGTH)}…`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 500 ? line : `${line.slice(0, 500)}…`;
}

/** Whether the same request may succeed when it is sent again. A client error, a bug or a stop will not. */
export function isWorthRetrying({ kind, status }: Failure): boolean {
  if (kind === 'http-status') return status === 408 || status === 429 || (status ?? 0) >= 500;
  return kind !== 'cancelled' && kind !== 'model-bug';
}

/** Returns the failure for a model class that threw in `method`, or in the method that the error names, or what a `ReplyError` says. */
export function modelBug(thrown: unknown, method: string): Failure {
  if (thrown instanceof MethodError) return modelBug(thrown.cause, thrown.method);
  if (thrown instanceof ReplyError) return thrown.failure;
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  return { kind: 'model-bug', message: `${method} threw: ${messageOf(thrown)}`, bodyExcerpt: excerpt(stack) };
}

/** A model class found the reply at fault, not itself. */
export class ReplyError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
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
