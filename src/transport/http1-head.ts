/** The head of an HTTP/1.1 reply: status line and header fields, or why it is none. */

/** Headers by lower-case name; a field that came several times is a list. */
export type ReplyHeaders = Record<string, string | string[]>;

type BodyEnd =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

export interface ReplyHead {
  readonly status: number;
  readonly headers: ReplyHeaders;
  /** How the body ends: after so many bytes, chunked, or with the connection. */
  readonly body: BodyEnd;
  /** Whether the server lets the connection live on. */
  readonly keepAlive: boolean;
  /** Seconds that it promises to keep an idle connection (`Keep-Alive: timeout=N`). */
  readonly keepAliveSeconds?: number;
}

/** What the server sent is no HTTP reply. The code's prefix is what `failureOfError` knows a bad reply by. */
export class BadReplyError extends Error {
  readonly code: string;

  constructor(code: `HPE_${string}`, message: string) {
    super(message);
    this.code = code;
  }
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?$/;
const FIELD = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*)$/;
const FORBIDDEN = /[\0-\x08\x0A-\x1F\x7F]/;

/** Throws a BadReplyError where the beginning of a head is none. */
export function requireHttp(beginning: Buffer): void {
  const start = beginning.toString('latin1', 0, 7);
  if (!'HTTP/1.'.startsWith(start))
    throw new BadReplyError(
      'HPE_INVALID_CONSTANT',
      `no HTTP/1.1 status line: ${shown(beginning.toString('latin1', 0, 200))}`,
    );
}

/** Reads everything before the blank line. Throws a BadReplyError. */
export function parseHead(text: string): ReplyHead {
  const [first = '', ...lines] = text.split('\r\n');
  const [, minor, code] = STATUS_LINE.exec(first) ?? [];
  if (code === undefined)
    throw new BadReplyError('HPE_INVALID_CONSTANT', `no HTTP/1.1 status line: ${shown(first)}`);
  const status = Number(code);
  const headers = parseFields(lines);
  const keepAlive = keepsAlive(headers, minor === '1');
  const timeout = /\btimeout=(\d+)/i.exec(String(headers['keep-alive'] ?? ''))?.[1];
  return {
    status,
    headers,
    body: bodyOf(status, headers),
    keepAlive,
    ...(timeout === undefined ? {} : { keepAliveSeconds: Number(timeout) }),
  };
}

/** Header or trailer fields, one a line. Folded lines (obs-fold) are refused, as RFC 9112 lets a client do. */
export function parseFields(lines: readonly string[]): ReplyHeaders {
  const headers: ReplyHeaders = Object.create(null) as ReplyHeaders;
  for (const line of lines) {
    const [, given, rest = ''] = FIELD.exec(line) ?? [];
    if (given === undefined || FORBIDDEN.test(rest)) {
      throw new BadReplyError('HPE_INVALID_HEADER_TOKEN', `an invalid header line: ${shown(line)}`);
    }
    const name = given.toLowerCase();
    const value = rest.replace(/(?<![ \t])[ \t]+$/, '');
    const earlier = headers[name];
    headers[name] =
      earlier === undefined ? value : Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
  }
  return headers;
}

function bodyOf(status: number, headers: ReplyHeaders): BodyEnd {
  const length = headers['content-length'];
  const encoding = headers['transfer-encoding'];
  if (length !== undefined && encoding !== undefined) {
    throw new BadReplyError('HPE_UNEXPECTED_CONTENT_LENGTH', 'both content-length and transfer-encoding');
  }
  if (length !== undefined && (typeof length !== 'string' || !/^\d{1,15}$/.test(length))) {
    throw new BadReplyError(
      'HPE_INVALID_CONTENT_LENGTH',
      `an invalid content-length: ${shown(String(length))}`,
    );
  }
  if (status < 200 || status === 204 || status === 304) return { kind: 'length', bytes: 0 };
  if (encoding !== undefined) return { kind: isChunked(encoding) ? 'chunked' : 'close' };
  return length === undefined ? { kind: 'close' } : { kind: 'length', bytes: Number(length) };
}

function isChunked(encoding: string | string[]): boolean {
  return tokensOf(encoding).at(-1) === 'chunked';
}

function keepsAlive(headers: ReplyHeaders, isHttp11: boolean): boolean {
  const tokens = tokensOf(headers['connection'] ?? '');
  if (tokens.includes('close')) return false;
  return isHttp11 || tokens.includes('keep-alive');
}

function tokensOf(value: string | string[]): string[] {
  return String(value)
    .toLowerCase()
    .split(',')
    .map((token) => token.trim());
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
