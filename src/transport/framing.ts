import { type BaseAPIModel, FRAMINGS, type FrameSplitter, type Framing } from '../contract/base-api-model.ts';
import { messageOf } from '../contract/errors.ts';
import type { Failure } from '../contract/record.ts';
import { EVENT_LIMIT, excerpt, MethodError } from './failure.ts';
import { BodyText, type EventSink, isBlank, SseSplitter, type TakeText } from './sse.ts';

/** Takes the frames of a body, each as it is complete. Those that are JSON go to `onEvent` as text. */
export interface FrameSink extends EventSink {
  /** Takes a frame that the model gets as it is. A blank one is no sign that the answer has begun. */
  onFrame(frame: unknown, blank: boolean): void;
  /** The body is not what the framing says: nothing more comes. */
  onBroken(failure: Failure): void;
  eventIsTooLarge: boolean;
}

/** Cuts the text of a body, however that is cut, into frames. */
export interface TextSplitter {
  /** Whether the next character begins a frame that may be read without the splitter: only for server-sent events ever true. */
  readonly idle: boolean;
  /** Characters of the frame that has not ended. */
  readonly openLength: number;
  /** Takes `text` from `start` up to `end`. */
  feed(text: string, start?: number, end?: number): void;
  /** Takes the clean end of the body. */
  end(): void;
}

/** Reads the bytes of a body; `BodyText`, or what stands in for it where frames are no text. */
export type BodyReader = Pick<BodyText, 'open' | 'read' | 'end'>;

/** How messages name the frames of a framing, and a body of it. */
export interface FramingNames {
  readonly frame: string;
  readonly body: string;
}

const NAMES: Readonly<Record<Framing, FramingNames>> = {
  sse: { frame: 'event', body: 'event stream' },
  'sse-events': { frame: 'event', body: 'event stream' },
  ndjson: { frame: 'line', body: 'stream of JSON lines' },
  'json-array': { frame: 'element', body: 'JSON array' },
  bytes: { frame: 'frame', body: 'stream of frames' },
};

/** What a reply needs to cut one body. */
export interface BodySplitter {
  /** Absent where the body's bytes are no text. */
  readonly text?: TextSplitter;
  readonly bytes?: BodyReader;
  readonly names: FramingNames;
}

/** Makes what cuts one body as the model's framing says. Throws a MethodError where the model is at fault. */
export function bodySplitter(model: BaseAPIModel, sink: FrameSink): BodySplitter {
  const framing = framingOf(model);
  const names = NAMES[framing];
  if (framing === 'sse') return { text: new SseSplitter(sink), names };
  if (framing === 'sse-events') return { text: new RawEventSplitter(sink), names };
  if (framing === 'ndjson') return { text: new LineSplitter(sink), names };
  if (framing === 'json-array') return { text: new JsonArraySplitter(sink), names };
  return { bytes: new FrameReader(splitterOf(model), sink), names };
}

/** Returns how the model's streams are cut. Throws a MethodError where it names no framing. */
export function framingOf(model: BaseAPIModel): Framing {
  let framing: unknown;
  try {
    framing = model.getFraming?.() ?? 'sse';
  } catch (cause) {
    throw new MethodError('getFraming', cause);
  }
  if (typeof framing === 'string' && Object.hasOwn(NAMES, framing)) return framing as Framing;
  const known = FRAMINGS.join(', ');
  throw new MethodError(
    'getFraming',
    new TypeError(`it returned ${JSON.stringify(framing)}, which is none of ${known}`),
  );
}

function splitterOf(model: BaseAPIModel): FrameSplitter {
  try {
    if (model.makeSplitter === undefined)
      throw new TypeError("the class has the framing 'bytes' but no makeSplitter");
    const splitter = model.makeSplitter();
    if (typeof splitter?.push !== 'function')
      throw new TypeError('it returned nothing that has a push method');
    return splitter;
  } catch (cause) {
    throw new MethodError('makeSplitter', cause);
  }
}

/** Passes on server-sent events as they are. */
class RawEventSplitter implements TextSplitter {
  readonly idle = false;
  readonly #sse: SseSplitter;

  constructor(sink: FrameSink) {
    this.#sse = new SseSplitter({ onEvent: (data, type) => sink.onFrame({ data, type }, isBlank(data)) });
  }

  get openLength(): number {
    return this.#sse.openLength;
  }

  feed(text: string, start?: number, end?: number): void {
    this.#sse.feed(text, start, end);
  }

  end(): void {
    this.#sse.end();
  }
}

/** Cuts a body into lines, each of them JSON. */
class LineSplitter implements TextSplitter {
  readonly idle = false;
  readonly #sink: EventSink;
  #rest = '';
  #started = false;

  constructor(sink: EventSink) {
    this.#sink = sink;
  }

  get openLength(): number {
    return this.#rest.length;
  }

  feed(text: string, start = 0, end = text.length): void {
    let from = start;
    if (!this.#started && start < end) {
      this.#started = true;
      if (text.charCodeAt(start) === BYTE_ORDER_MARK) from += 1;
    }
    for (let lf = text.indexOf('\n', from); lf >= 0 && lf < end; lf = text.indexOf('\n', from)) {
      const line = this.#rest + text.slice(from, lf);
      this.#rest = '';
      from = lf + 1;
      this.#sink.onEvent(line, undefined);
    }
    if (from < end) this.#rest += text.slice(from, end);
  }

  end(): void {
    if (this.#rest !== '') this.#sink.onEvent(this.#rest, undefined);
    this.#rest = '';
  }
}

const BYTE_ORDER_MARK = 0xfeff;
const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Where in a JSON array a splitter is; `over`: the body is no array, or no more of one. */
type ArrayPlace = 'before' | 'element' | 'inside' | 'after' | 'closed' | 'over';

/** Cuts a body that is one JSON array into its elements, each as soon as its last character is there. Takes a comma after the last one. */
export class JsonArraySplitter implements TextSplitter {
  readonly idle = false;
  readonly #sink: FrameSink;
  #place: ArrayPlace = 'before';
  /** Of the element that has not ended. */
  #rest = '';
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  get openLength(): number {
    return this.#rest.length;
  }

  feed(text: string, start = 0, end = text.length): void {
    let from = start;
    for (let n = start; n < end; n++) {
      const code = text.charCodeAt(n);
      if (this.#place === 'inside') {
        const ends = this.#inside(code);
        if (ends === undefined) continue;
        const to = ends === 'with' ? n + 1 : n;
        const element = this.#rest + text.slice(from, to);
        this.#rest = '';
        this.#place = 'after';
        this.#sink.onEvent(element, undefined);
        if (ends === 'with') continue;
      }
      if (isWhite(code)) continue;
      const next = this.#next(code);
      if (next === 'inside') from = n;
      else if (next === undefined) {
        const words = excerpt(text.slice(n, end)).slice(0, 100);
        this.#break('bad-reply', `the JSON array is damaged at ${words}`);
      }
      if (this.#place === 'over') return;
    }
    if (this.#place === 'inside') this.#rest += text.slice(from, end);
  }

  end(): void {
    const { frame } = NAMES['json-array'];
    if (this.#place === 'inside')
      this.#break('truncated', `the stream ended inside an ${frame}: ${excerpt(this.#rest).slice(0, 200)}`);
    else if (this.#place === 'element' || this.#place === 'after')
      this.#break('truncated', 'the stream ended before the end of its JSON array');
  }

  #break(kind: 'bad-reply' | 'truncated', message: string): void {
    this.#place = 'over';
    this.#rest = '';
    this.#sink.onBroken({ kind, message });
  }

  /** Takes a character of an element; returns whether the element ends with it or before it. */
  #inside(code: number): 'with' | 'before' | undefined {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (code === BACKSLASH) this.#escaped = true;
      else if (code === QUOTE) {
        this.#inString = false;
        if (this.#depth === 0) return 'with';
      }
      return undefined;
    }
    if (code === QUOTE) this.#inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) this.#depth += 1;
    else if (this.#depth === 0)
      return isWhite(code) || code === COMMA || code === CLOSE_BRACKET ? 'before' : undefined;
    else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      this.#depth -= 1;
      if (this.#depth === 0) return 'with';
    }
    return undefined;
  }

  /** Takes a character outside of elements; returns where the splitter is now, or undefined where the array is damaged. */
  #next(code: number): ArrayPlace | undefined {
    const next = this.#placeAfter(code);
    if (next !== undefined) this.#place = next;
    if (next !== 'inside') return next;
    this.#depth = 0;
    this.#inside(code);
    return next;
  }

  #placeAfter(code: number): ArrayPlace | undefined {
    switch (this.#place) {
      case 'before':
        if (code === BYTE_ORDER_MARK) return 'before';
        return code === OPEN_BRACKET ? 'element' : 'over';
      case 'element':
        if (code === CLOSE_BRACKET) return 'closed';
        return code === COMMA ? undefined : 'inside';
      case 'after':
        if (code === CLOSE_BRACKET) return 'closed';
        return code === COMMA ? 'element' : undefined;
      case 'over':
        return 'over';
      default:
        return undefined;
    }
  }
}

function isWhite(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** Hands the bytes of a body to a splitter of the model's own. Takes the place of the decoding of text. */
class FrameReader implements BodyReader {
  /** No shortcut for whole texts applies. */
  readonly open = true;
  readonly #splitter: FrameSplitter;
  readonly #sink: FrameSink;
  /** Bytes since the last frame. */
  #openLength = 0;
  #broken = false;

  constructor(splitter: FrameSplitter, sink: FrameSink) {
    this.#splitter = splitter;
    this.#sink = sink;
  }

  read(bytes: Buffer, bounds: Int32Array, count: number, _take: TakeText): void {
    for (let n = 0; n < count && !this.#broken; n++) {
      // A copy: the buffer is used again, and a frame may be a part of what its splitter got.
      const piece = new Uint8Array(bytes.subarray(bounds[2 * n], bounds[2 * n + 1]));
      const frames = this.#attempt(() => this.#splitter.push(piece), piece);
      this.#openLength = piece.length + (frames === 0 ? this.#openLength : 0);
    }
    this.#sink.eventIsTooLarge = this.#openLength > EVENT_LIMIT;
  }

  end(): string {
    if (!this.#broken && this.#splitter.end !== undefined) this.#attempt(() => this.#splitter.end!());
    return '';
  }

  /** Passes on the frames that `split` returns; a throw breaks the reply. Returns their number. */
  #attempt(split: () => readonly unknown[], piece?: Uint8Array): number {
    let frames: readonly unknown[];
    try {
      frames = split();
      if (!Array.isArray(frames)) throw new TypeError('the splitter returned no list of frames');
    } catch (thrown) {
      this.#broken = true;
      this.#sink.onBroken(splitterFailure(thrown, piece));
      return 0;
    }
    for (const frame of frames) this.#sink.onFrame(frame, false);
    return frames.length;
  }
}

/** Returns the failure of a body that its splitter refused: at a piece, or without one at the body's end. */
export function splitterFailure(thrown: unknown, piece: Uint8Array | undefined): Failure {
  const words = messageOf(thrown);
  if (piece === undefined) return { kind: 'truncated', message: `the stream ended inside a frame: ${words}` };
  return {
    kind: 'bad-reply',
    message: `the reply cannot be cut into frames: ${words}`,
    bodyExcerpt: excerpt(Buffer.from(piece).toString('utf8')),
  };
}

/** Returns a frame, or what a class makes of one, as text. */
export function frameText(frame: unknown): string {
  if (typeof frame === 'string') return frame;
  try {
    return JSON.stringify(frame) ?? String(frame);
  } catch {
    return String(frame);
  }
}

/** A frame of a body: text and type of one that is JSON, or what the model gets. */
export interface CutFrame {
  readonly text?: string;
  readonly type?: string | undefined;
  readonly frame?: unknown;
}

/** Cuts a body as the engine does, without reading it: for tests and for `check`. What is no frame ends it in silence. */
export class BodyCutter {
  readonly #text: TextSplitter | undefined;
  readonly #bytes: BodyReader;

  /** Blank frames of JSON are left out. Throws a MethodError where the model's framing cannot be used. */
  constructor(model: BaseAPIModel, onFrame: (frame: CutFrame) => void) {
    const { text, bytes } = bodySplitter(model, {
      onEvent: (data, type) => isBlank(data) || onFrame({ text: data, type }),
      onFrame: (frame) => onFrame({ frame }),
      onBroken: () => {},
      eventIsTooLarge: false,
    });
    this.#text = text;
    this.#bytes = bytes ?? new BodyText();
  }

  feed(bytes: Uint8Array): void {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (buffer.length === 0) return;
    this.#bytes.read(
      buffer,
      Int32Array.of(0, buffer.length),
      1,
      (text, bounds = Int32Array.of(0, text.length)) => {
        for (let n = 0; n < bounds.length; n += 2) this.#text?.feed(text, bounds[n], bounds[n + 1]);
      },
    );
  }

  /** The body ended cleanly. */
  end(): void {
    const rest = this.#bytes.end();
    this.#text?.feed(rest);
    this.#text?.end();
  }
}
