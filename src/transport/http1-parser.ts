/**
 * Parses HTTP/1.1 replies, one after the other on a connection, from a read buffer that is used again for the next
 * read. Body bytes are not copied: the sink gets their positions in the buffer.
 */
import { MOST_STRETCHES } from './failure.ts';

/** Bytes of a head, of a chunk's extensions, of all trailers of a reply; what is longer is no reply. */
const HEAD_LIMIT = 64 * 1024;

/** A stretch is two entries, start and end. */
const BOUNDS = 2 * MOST_STRETCHES;

const CR = 13;
const LF = 10;
const SEMICOLON = 59;

type ParserState =
  | 'head'
  | 'length'
  | 'close'
  | 'size'
  | 'extension'
  | 'size-lf'
  | 'chunk'
  | 'chunk-cr'
  | 'chunk-lf'
  | 'trailers'
  | 'over';

/** One for all parsers: it is filled and read within one call. */
const bounds = new Int32Array(BOUNDS);

/** A base class and no part of a connection: one object less to fetch from memory for every read. */
export abstract class Http1Parser {
  #state: ParserState = 'over';
  /** Bytes of a head or of trailers that came in earlier reads. */
  #kept: Buffer | undefined;
  /** Bytes of the body or chunk that are still to come; while a size is read, the size so far. */
  #left = 0;
  /** Digits of the size, then bytes of the extensions. */
  #digits = 0;
  #count = 0;

  /** A final head; interim ones (1xx) are passed over. */
  protected abstract onHead(head: ReplyHead): void;

  /** Body bytes: `count` stretches of `bytes`, start and end in `bounds`. All of it is only valid during the call. */
  protected abstract onBody(bytes: Buffer, bounds: Int32Array, count: number): void;

  /** `clean`: nothing of the connection is left over, so it can carry another request. */
  protected abstract onReplyEnd(clean: boolean): void;

  /** A request was sent: a reply may come. */
  protected expect(): void {
    this.#state = 'head';
    this.#kept = undefined;
  }

  /** Takes the first `length` bytes of a read. Throws a BadReplyError. */
  protected parse(bytes: Buffer, length: number): void {
    let position = 0;
    this.#count = 0;
    try {
      while (position < length && this.#state !== 'over') position = this.#step(bytes, position, length);
    } finally {
      this.#flush(bytes);
    }
    if (this.#state === 'over') this.onReplyEnd(position === length);
  }

  /** The server closed the connection. Returns whether that ends a reply properly. */
  protected close(): boolean {
    if (this.#state !== 'close') return false;
    this.#state = 'over';
    this.onReplyEnd(false);
    return true;
  }

  /** Takes what belongs to the present state; returns where the next begins. */
  #step(bytes: Buffer, position: number, length: number): number {
    switch (this.#state) {
      case 'head':
        return this.#head(bytes, position, length);
      case 'chunk':
      case 'length':
        return this.#body(bytes, position, Math.min(length, position + this.#left));
      case 'close':
        this.#add(bytes, position, length);
        return length;
      case 'trailers':
        return this.#trailers(bytes, position, length);
      default:
        return this.#framing(bytes, position, length);
    }
  }

  #body(bytes: Buffer, position: number, end: number): number {
    this.#add(bytes, position, end);
    this.#left -= end - position;
    if (this.#left === 0) this.#state = this.#state === 'length' ? 'over' : 'chunk-cr';
    return end;
  }

  /** The bytes between chunks: `\r\n`, the size in hex, extensions. */
  #framing(bytes: Buffer, start: number, length: number): number {
    let position = start;
    while (position < length) {
      const byte = bytes[position++]!;
      switch (this.#state) {
        case 'size':
          this.#sizeByte(byte);
          break;
        case 'extension':
          if (byte === CR) this.#state = 'size-lf';
          else if (byte === LF || ++this.#digits > HEAD_LIMIT) throw badChunk('its extensions have no end');
          break;
        case 'size-lf':
          if (byte !== LF) throw badChunk('no line feed after its size');
          this.#kept = undefined;
          this.#state = this.#left === 0 ? 'trailers' : 'chunk';
          return position;
        case 'chunk-cr':
          if (byte !== CR) throw badChunk('it is longer than its size');
          this.#state = 'chunk-lf';
          break;
        default:
          if (byte !== LF) throw badChunk('no line feed after it');
          this.#startSize();
      }
    }
    return position;
  }

  #startSize(): void {
    this.#state = 'size';
    this.#left = 0;
    this.#digits = 0;
  }

  #sizeByte(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0) {
      // 13 digits stay below 2^53.
      if (++this.#digits > 13) throw badChunk('its size is no size');
      this.#left = this.#left * 16 + digit;
      return;
    }
    if (this.#digits === 0) throw badChunk('it has no size');
    this.#digits = 0;
    if (byte === CR) this.#state = 'size-lf';
    else if (byte === SEMICOLON) this.#state = 'extension';
    else throw badChunk('its size is no size');
  }

  #add(bytes: Buffer, start: number, end: number): void {
    if (this.#count === BOUNDS) this.#flush(bytes);
    bounds[this.#count++] = start;
    bounds[this.#count++] = end;
  }

  #flush(bytes: Buffer): void {
    const count = this.#count / 2;
    this.#count = 0;
    if (count > 0) this.onBody(bytes, bounds, count);
  }

  #head(bytes: Buffer, position: number, length: number): number {
    const { text, end } = this.#upTo('\r\n\r\n', bytes, position, length);
    if (text === undefined) {
      // What is no HTTP may never end its head.
      requireHttp(this.#kept!);
      return end;
    }
    const head = parseHead(text);
    if (head.status === 101)
      throw new BadReplyError('HPE_INVALID_CONSTANT', 'the server switched protocols (HTTP 101)');
    if (head.status < 200) return end;
    this.#begin(head);
    this.onHead(head);
    return end;
  }

  #begin({ body }: ReplyHead): void {
    if (body.kind === 'chunked') this.#startSize();
    else if (body.kind === 'close') this.#state = 'close';
    else {
      this.#left = body.bytes;
      this.#state = body.bytes === 0 ? 'over' : 'length';
    }
  }

  #trailers(bytes: Buffer, position: number, length: number): number {
    // No trailer at all is what nearly every server sends.
    const { text, end } = this.#upTo('\r\n', bytes, position, length);
    if (text === undefined) return end;
    if (text === '') this.#state = 'over';
    else {
      parseFields([text]);
      this.#digits += text.length;
      if (this.#digits > HEAD_LIMIT)
        throw new BadReplyError('HPE_HEADER_OVERFLOW', 'its trailers have no end');
    }
    return end;
  }

  /** The text before `mark`, which may have begun in an earlier read; undefined while the mark is not there. */
  #upTo(mark: string, bytes: Buffer, position: number, length: number): { text?: string; end: number } {
    const fresh = bytes.subarray(position, length);
    const all = this.#kept === undefined ? fresh : Buffer.concat([this.#kept, fresh]);
    const at = all.indexOf(mark, 0, 'latin1');
    if (at > HEAD_LIMIT || (at < 0 && all.length > HEAD_LIMIT)) {
      throw new BadReplyError('HPE_HEADER_OVERFLOW', `its head is longer than ${HEAD_LIMIT} bytes`);
    }
    if (at < 0) {
      this.#kept = Buffer.from(all);
      return { end: length };
    }
    const before = this.#kept?.length ?? 0;
    this.#kept = undefined;
    return { text: all.toString('latin1', 0, at), end: position + at + mark.length - before };
  }
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function badChunk(why: string): BadReplyError {
  return new BadReplyError('HPE_INVALID_CHUNK_SIZE', `a broken chunk: ${why}`);
}

/** Headers by lower-case name; a field that came several times is a list. */
type ReplyHeaders = Record<string, string | string[]>;

type BodyEnd =
  | { readonly kind: 'length'; readonly bytes: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'close' };

/** The status line and header fields of a reply. */
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

/** The server sent something that is not an HTTP reply. `failureOfError` recognises it by the code's prefix. */
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

/** Throws a BadReplyError unless the bytes may begin an HTTP/1.1 head. */
function requireHttp(beginning: Buffer): void {
  const start = beginning.toString('latin1', 0, 7);
  if (!'HTTP/1.'.startsWith(start))
    throw new BadReplyError(
      'HPE_INVALID_CONSTANT',
      `no HTTP/1.1 status line: ${quote(beginning.toString('latin1', 0, 200))}`,
    );
}

/** Reads everything before the blank line. Throws a BadReplyError. */
function parseHead(text: string): ReplyHead {
  const [first = '', ...lines] = text.split('\r\n');
  const [, minor, code] = STATUS_LINE.exec(first) ?? [];
  if (code === undefined)
    throw new BadReplyError('HPE_INVALID_CONSTANT', `no HTTP/1.1 status line: ${quote(first)}`);
  const status = Number(code);
  const headers = parseFields(lines);
  const keepAlive = keepsAlive(headers, minor === '1');
  const timeout = /\btimeout=(\d+)/i.exec(String(headers['keep-alive'] ?? ''))?.[1];
  return {
    status,
    headers,
    body: readBodyEnd(status, headers),
    keepAlive,
    ...(timeout === undefined ? {} : { keepAliveSeconds: Number(timeout) }),
  };
}

/** Header or trailer fields, one a line. Folded lines (obs-fold) are refused, as RFC 9112 lets a client do. */
function parseFields(lines: readonly string[]): ReplyHeaders {
  const headers: ReplyHeaders = Object.create(null) as ReplyHeaders;
  for (const line of lines) {
    const [, given, rest = ''] = FIELD.exec(line) ?? [];
    if (given === undefined || FORBIDDEN.test(rest)) {
      throw new BadReplyError('HPE_INVALID_HEADER_TOKEN', `an invalid header line: ${quote(line)}`);
    }
    const name = given.toLowerCase();
    const value = rest.replace(/(?<![ \t])[ \t]+$/, '');
    const earlier = headers[name];
    headers[name] =
      earlier === undefined ? value : Array.isArray(earlier) ? [...earlier, value] : [earlier, value];
  }
  return headers;
}

function readBodyEnd(status: number, headers: ReplyHeaders): BodyEnd {
  const length = headers['content-length'];
  const encoding = headers['transfer-encoding'];
  if (length !== undefined && encoding !== undefined) {
    throw new BadReplyError('HPE_UNEXPECTED_CONTENT_LENGTH', 'both content-length and transfer-encoding');
  }
  if (length !== undefined && (typeof length !== 'string' || !/^\d{1,15}$/.test(length))) {
    throw new BadReplyError(
      'HPE_INVALID_CONTENT_LENGTH',
      `an invalid content-length: ${quote(String(length))}`,
    );
  }
  if (status < 200 || status === 204 || status === 304) return { kind: 'length', bytes: 0 };
  if (encoding !== undefined) return { kind: isChunked(encoding) ? 'chunked' : 'close' };
  return length === undefined ? { kind: 'close' } : { kind: 'length', bytes: Number(length) };
}

function isChunked(encoding: string | string[]): boolean {
  return splitTokens(encoding).at(-1) === 'chunked';
}

function keepsAlive(headers: ReplyHeaders, isHttp11: boolean): boolean {
  const tokens = splitTokens(headers['connection'] ?? '');
  if (tokens.includes('close')) return false;
  return isHttp11 || tokens.includes('keep-alive');
}

function splitTokens(value: string | string[]): string[] {
  return String(value)
    .toLowerCase()
    .split(',')
    .map((token) => token.trim());
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}
