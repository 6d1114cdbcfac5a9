import { StringDecoder } from 'node:string_decoder';
import type { SseEvent } from '../contract/base-api-model.ts';

/** Takes a text, or the stretches of it that `bounds` holds (starts and ends). */
export type TakeText = (text: string, bounds: Int32Array | undefined) => void;

/** The text of a stretch that begins a character; undefined where it may end inside of one. */
export function wholeText(bytes: Buffer, start: number, end: number): string | undefined {
  return bytes[end - 1]! >= 0x80 ? undefined : bytes.toString('utf8', start, end);
}

/** UTF-8 of a body that comes in stretches, cut anywhere. */
export class BodyText {
  /** Only a stream that was cut inside a character needs one. */
  #decoder: StringDecoder | undefined;

  /** Whether a character was cut: what comes next goes on with it. */
  get open(): boolean {
    return this.#decoder !== undefined;
  }

  /** The text of the stretches of one read; `take` may be called for each of them. */
  read(bytes: Buffer, bounds: Int32Array, count: number, take: TakeText): void {
    const whole = this.#decoder === undefined && endsBetweenCharacters(bytes, bounds, count);
    if (whole && this.#asOne(bytes, bounds, count, take)) return;
    for (let n = 0; n < count; n++) {
      const start = bounds[2 * n]!;
      const end = bounds[2 * n + 1]!;
      const text = whole ? bytes.toString('utf8', start, end) : this.#cut(bytes.subarray(start, end));
      if (text !== '') take(text, undefined);
    }
  }

  /** What was left of a cut character, as its replacement. */
  end(): string {
    return this.#decoder?.end() ?? '';
  }

  /** Decoding costs less by the read than by the stretch; ASCII keeps the places. */
  #asOne(bytes: Buffer, bounds: Int32Array, count: number, take: TakeText): boolean {
    const first = bounds[0]!;
    const last = bounds[2 * count - 1]!;
    const text = bytes.toString('utf8', first, last);
    if (text.length !== last - first) return false;
    const own = bounds.slice(0, 2 * count);
    for (let n = 0; n < own.length; n++) own[n] = own[n]! - first;
    take(text, own);
    return true;
  }

  #cut(bytes: Buffer): string {
    this.#decoder ??= new StringDecoder('utf8');
    const text = this.#decoder.write(bytes);
    // A stretch that ends in ASCII leaves nothing open.
    if (bytes.length > 0 && bytes[bytes.length - 1]! < 0x80) this.#decoder = undefined;
    return text;
  }
}

/** Whether every stretch ends in an ASCII byte: then none of them ends inside a character. */
function endsBetweenCharacters(bytes: Buffer, bounds: Int32Array, count: number): boolean {
  for (let n = 0; n < count; n++) if (bytes[bounds[2 * n + 1]! - 1]! >= 0x80) return false;
  return true;
}

/** Takes the events of a stream, each as it is complete. */
export interface EventSink {
  onEvent(data: string, type: string | undefined): void;
}

/** Splits text into server-sent events, however it is cut. A CR ends its line at once, whatever follows. */
export class SseSplitter {
  readonly #sink: EventSink;
  /** A line that has not ended. */
  #rest = '';
  #data: string | undefined;
  #type: string | undefined;
  #afterCr = false;
  #started = false;

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  /** One that goes on where plain events ended: a byte-order mark means nothing any more. */
  static betweenEvents(sink: EventSink): SseSplitter {
    const splitter = new SseSplitter(sink);
    splitter.#started = true;
    return splitter;
  }

  /** Whether the next byte begins a new event. */
  get idle(): boolean {
    return (
      this.#started &&
      this.#rest === '' &&
      this.#data === undefined &&
      this.#type === undefined &&
      !this.#afterCr
    );
  }

  /** Characters of the event that has not ended. */
  get openLength(): number {
    return this.#rest.length + (this.#data?.length ?? 0);
  }

  /** Takes `text` from `start` up to `end`. */
  feed(text: string, start = 0, end = text.length): void {
    if (start === end) return;
    let position = this.#beginning(text, start);
    // Text between `end` and the end of `text` is not ours, but looking for a CR there costs little.
    let cr = text.indexOf('\r', position);
    let lf = text.indexOf('\n', position);
    for (;;) {
      if (cr >= 0 && cr < position) cr = text.indexOf('\r', position);
      if (lf >= 0 && lf < position) lf = text.indexOf('\n', position);
      const lineEnd = cr < 0 || (lf >= 0 && lf < cr) ? lf : cr;
      if (lineEnd < 0 || lineEnd >= end) break;
      this.#line(this.#rest, text, position, lineEnd);
      this.#rest = '';
      position = lineEnd + 1;
      if (lineEnd !== cr) continue;
      if (position === end) this.#afterCr = true;
      else if (text.charCodeAt(position) === 10) position += 1;
    }
    if (position < end) this.#rest += text.slice(position, end);
  }

  /** The stream ended cleanly: a last event without its blank line still counts. */
  end(): void {
    this.feed('\n\n');
  }

  /** Where the first line begins: behind a byte-order mark, and behind the LF of a CRLF that was cut in two. */
  #beginning(text: string, start: number): number {
    let position = start;
    if (!this.#started && text.charCodeAt(position) === 0xfeff) position += 1;
    this.#started = true;
    if (this.#afterCr && text.charCodeAt(position) === 10) position += 1;
    this.#afterCr = false;
    return position;
  }

  #line(rest: string, text: string, start: number, end: number): void {
    if (rest !== '') {
      const line = rest + text.slice(start, end);
      this.#line('', line, 0, line.length);
    } else if (start === end) this.#dispatch();
    else if (end - start >= 5 && text.startsWith('data:', start)) {
      this.#addData(text.slice(start + (text.charCodeAt(start + 5) === 32 ? 6 : 5), end));
    } else this.#rareField(text.slice(start, end));
  }

  #addData(value: string): void {
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }

  #rareField(line: string): void {
    if (line === 'data') this.#addData('');
    else if (line === 'event') this.#type = undefined;
    else if (line.startsWith('event:'))
      this.#type = line.slice(line.charCodeAt(6) === 32 ? 7 : 6) || undefined;
  }

  #dispatch(): void {
    const data = this.#data;
    const type = this.#type;
    this.#data = undefined;
    this.#type = undefined;
    if (data !== undefined) this.#sink.onEvent(data, type);
  }
}

/**
 * Passes on the events at the start of a stretch of text that are one line of data and a blank line, as nearly all are: what a splitter
 * would do, without one. Nothing may be open. Returns where the first that is anything else begins, or `end`.
 */
export function plainEvents(text: string, start: number, end: number, sink: EventSink): number {
  let position = start;
  let cr = text.indexOf('\r', position);
  while (position < end) {
    const lineEnd = text.indexOf('\n', position);
    if (lineEnd < 0 || lineEnd + 1 >= end || text.charCodeAt(lineEnd + 1) !== 10) break;
    if (cr >= 0 && cr < position) cr = text.indexOf('\r', position);
    if ((cr >= 0 && cr < lineEnd) || !text.startsWith('data:', position)) break;
    const data = text.slice(position + (text.charCodeAt(position + 5) === 32 ? 6 : 5), lineEnd);
    position = lineEnd + 2;
    sink.onEvent(data, undefined);
  }
  return position;
}

/** Splits a byte stream into server-sent events, however the bytes are cut. */
export class SseReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #splitter: SseSplitter;

  constructor(onEvent: (event: SseEvent) => void) {
    this.#splitter = new SseSplitter({ onEvent: (data, type) => onEvent({ data, type }) });
  }

  feed(bytes: Uint8Array): void {
    this.#splitter.feed(this.#decoder.write(bytes));
  }

  /** The stream ended cleanly: a last event without its blank line still counts. */
  end(): void {
    this.#splitter.feed(this.#decoder.end());
    this.#splitter.end();
  }
}

/** Whether an event's data say nothing. */
export function isBlank(text: string): boolean {
  return !(text.charCodeAt(0) > 32) && text.trim() === '';
}

/** Whether an event's data are the `[DONE]` that ends a stream. */
export function isDone(text: string): boolean {
  return text.charCodeAt(0) !== 123 && text.trim() === '[DONE]';
}
