import type { BaseAPIModel, BatchStep } from '../contract/base-api-model.ts';
import type { RequestOutput } from '../contract/output.ts';
import type { Failure } from '../contract/record.ts';
import { AlikeEvents, EventRecorder, OutputWatcher } from './event-log.ts';
import { checkOutput, EVENT_LIMIT, excerpt, findError, modelBug, readErrorMessage } from './failure.ts';
import {
  type BodyReader,
  type BodySplitter,
  bodySplitter,
  type FrameSink,
  type FramingNames,
  frameText,
  type TextSplitter,
} from './framing.ts';
import { type LateReader, lateEnds, lateReads, NOTHING_WAITS } from './late-work.ts';
import { parseJson } from './parse-json.ts';
import { BodyText, isBlank, isDone, plainEvents, SseSplitter, wholeText } from './sse.ts';

/** How much of a body without any event is kept to say what it was. */
const UNREAD_LIMIT = 4096;

/** Reads a streamed reply through the model's parser: bytes arrive stamped and wait until the sockets that were ready are read. */
export class StreamReply implements LateReader, FrameSink {
  readonly events = new EventRecorder();
  failure: Failure | undefined;
  eventIsTooLarge = false;
  waitsAs = NOTHING_WAITS;
  readonly #model: EventParser;
  readonly #output: RequestOutput;
  readonly #watcher: OutputWatcher;
  readonly #names: FramingNames;
  /** Only a body that was cut inside a character needs one, and one whose frames are no text. */
  #bodyText: BodyReader | undefined;
  /** Absent between server-sent events: what hundreds of streams keep is memory that the processor has to fetch for every event. */
  #splitter: TextSplitter | undefined;
  /** Events that were split off but wait: for a parser that is at work, or for their turn. */
  #held: PendingEvent[] | undefined;
  /** The model's parser returned a promise. */
  #working: Promise<void> | undefined;
  /** Events are held until their turn. */
  #splitOnly = false;
  /** Always: for the model to read those that wait as one batch, or because messages are no reads. */
  readonly #holdsAll: boolean;
  readonly parser: 'parseStreamBatch' | 'parseStreamResponse' | 'parseTextResponse';
  /** The read that is being split, and whether an event came in it already. */
  #at = 0;
  #readHadEvent = false;
  #bodyEnded = false;
  #sawDone = false;
  /** Whether the pieces that the model cut as a batch had any frame. */
  #hasFrames: boolean | undefined;
  /** The time of a read whose pieces had none so far. */
  #emptyRead: number | undefined;
  #sawEvent = false;
  #unread = '';
  #eventCount = 0;
  readonly #alike = new AlikeEvents();

  /** Throws a MethodError where the model's framing cannot be used. Without a body, messages come in place of reads. */
  constructor(model: BaseAPIModel, output: RequestOutput, hasBody = true) {
    const { text, bytes, names } = hasBody ? bodySplitter(model, this) : MESSAGES;
    this.#splitter = text;
    this.#bodyText = bytes;
    this.#names = names;
    this.#model = model.options.stream ? model : textParser(model);
    this.#output = output;
    this.#watcher = new OutputWatcher(output);
    if (!model.options.stream) this.parser = 'parseTextResponse';
    else this.parser = model.parseStreamBatch === undefined ? 'parseStreamResponse' : 'parseStreamBatch';
    this.#holdsAll = !hasBody || this.parser === 'parseStreamBatch';
    this.#splitOnly = this.#holdsAll;
  }

  /** Takes a message of an exchange. It is parsed in a later turn of the event loop: what comes in this one is stamped first. */
  takeMessage(data: unknown, at: number): void {
    this.#at = at;
    if (!this.#readHadEvent)
      setImmediate(() => {
        this.#readHadEvent = false;
        if (this.#working === undefined) this.#parseHeld();
      });
    this.onFrame(data, false);
  }

  /** Takes a whole reply that another request follows, as one event, and parses it. */
  async takeReply(data: unknown, at: number): Promise<void> {
    this.#hold({ frame: data, at, sharedRead: false, unfinished: false });
    await this.#parseAll();
  }

  /** Takes a piece of the body. Returns whether an event has come, in this piece or before. */
  push(bytes: Uint8Array, at: number, sharedRead: boolean): boolean {
    if (bytes.length === 0) return this.#sawEvent;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return this.pushRead(buffer, Int32Array.of(0, buffer.length), 1, at, sharedRead);
  }

  /** The same for stretches of a buffer, `count` pairs of start and end in `bounds`; none of it is kept. */
  pushRead(bytes: Buffer, bounds: Int32Array, count: number, at: number, sharedRead: boolean): boolean {
    if (this.#sawEvent) lateReads.add(this, bytes, bounds, count, at, sharedRead);
    else {
      // Until the first event, it must be known at once whether this is one: a keep-alive comment is no sign of a token.
      this.#look(bytes, bounds, count, at, sharedRead);
      lateReads.add(this, bytes, bounds, 0, at, sharedRead);
    }
    return this.#sawEvent;
  }

  /** The stream said `[DONE]`: what happens to the connection afterwards takes nothing from the reply. */
  get saidDone(): boolean {
    return this.#sawDone;
  }

  /** The turn of a read has come; one without a stretch was split already, and its events wait. */
  takeRead(bytes: Buffer, bounds: Int32Array, count: number, at: number, sharedRead: boolean): void {
    if (count > 0) this.#take(bytes, bounds, count, at, sharedRead);
    if (this.#working === undefined) this.#parseHeld();
  }

  /** Parses what is left. After a clean end of the body, also says whether the reply was complete. */
  async finish(cleanEnd: boolean): Promise<void> {
    await lateEnds.turn();
    lateReads.takeAllOf(this);
    await this.#parseAll();
    this.#bodyEnded = true;
    if (cleanEnd) {
      this.#split(this.#bodyText?.end() ?? '');
      this.#splitter?.end();
      await this.#parseAll();
    }
    if (!cleanEnd || this.failure !== undefined) return;
    if (this.#sawEvent) await this.fetchEnd();
    this.failure ??= this.#whatIsMissing();
  }

  /** Has the model fetch what only the end of a reply needs; where the events were whole replies, after the last of them. */
  async fetchEnd(): Promise<void> {
    try {
      await this.#model.endStream?.(this.#output);
    } catch (thrown) {
      this.failure = modelBug(thrown, 'endStream');
    }
  }

  async #parseAll(): Promise<void> {
    while (this.#working !== undefined || this.#held !== undefined) {
      if (this.#working !== undefined) await this.#working;
      else this.#parseHeld();
    }
  }

  /** Splits without parsing, and keeps the beginning of what may be something else. */
  #look(bytes: Buffer, bounds: Int32Array, count: number, at: number, sharedRead: boolean): void {
    this.#splitOnly = true;
    this.#take(bytes, bounds, count, at, sharedRead);
    this.#splitOnly = this.#holdsAll;
    if (this.#sawEvent) this.#unread = '';
  }

  #take(bytes: Buffer, bounds: Int32Array, count: number, at: number, sharedRead: boolean): void {
    this.#at = at;
    if (!sharedRead) this.#readHadEvent = false;
    if (count === 1 && this.#bodyText?.open !== true) {
      const whole = wholeText(bytes, bounds[0]!, bounds[1]!);
      if (whole !== undefined) {
        this.#takeText(whole, undefined);
        return;
      }
    }
    this.#bodyText ??= new BodyText();
    this.#bodyText.read(bytes, bounds, count, (text, own) => this.#takeText(text, own));
  }

  /** Takes a text, or the stretches of it that `bounds` holds. */
  #takeText(text: string, bounds: Int32Array | undefined): void {
    if (!this.#sawEvent) this.#keepBeginning(text, bounds);
    if (bounds === undefined) {
      this.#split(text);
      return;
    }
    for (let n = 0; n < bounds.length; n += 2) this.#splitPiece(text, bounds[n]!, bounds[n + 1]!);
  }

  #keepBeginning(text: string, bounds: Int32Array = Int32Array.of(0, text.length)): void {
    for (let n = 0; n < bounds.length && this.#unread.length < UNREAD_LIMIT; n += 2) {
      this.#unread += text.slice(bounds[n], Math.min(bounds[n + 1]!, bounds[n]! + UNREAD_LIMIT));
    }
  }

  /** One of several stretches of a read. A template pays here only: where reads are small, it is cold when it is needed. */
  #splitPiece(text: string, start: number, end: number): void {
    const mayBeAlike = !this.#splitOnly && this.#working === undefined && this.#splitter === undefined;
    if (mayBeAlike && this.#takeAlike(text, start, end)) return;
    const before = this.#eventCount;
    this.#split(text, start, end);
    if (mayBeAlike && this.#eventCount === before + 1 && this.#splitter === undefined)
      this.#alike.learn(text, start, end);
  }

  #split(text: string, start = 0, end = text.length): void {
    const from = this.#splitter === undefined ? plainEvents(text, start, end, this) : start;
    if (from === end) return;
    this.#splitter ??= SseSplitter.betweenEvents(this);
    this.#splitter.feed(text, from, end);
    if (this.#splitter.idle) this.#splitter = undefined;
    else this.eventIsTooLarge = this.#splitter.openLength > EVENT_LIMIT;
  }

  /** Takes an event that is like the ones before, without splitting and parsing it; returns whether it was one. */
  #takeAlike(text: string, start: number, end: number): boolean {
    const parsed = this.#alike.read(text, start, end);
    if (parsed === undefined || findError(parsed) !== undefined) return false;
    const sharedRead = this.#readHadEvent;
    this.#readHadEvent = true;
    if (this.failure === undefined && !this.#sawDone) {
      this.#await(this.#toModel(parsed, undefined, this.#at, sharedRead));
    }
    return true;
  }

  onEvent(data: string, type: string | undefined): void {
    if (isBlank(data)) return; // Some servers keep the connection alive with empty events.
    this.#sawEvent = true;
    this.#eventCount += 1;
    const sharedRead = this.#readHadEvent;
    this.#readHadEvent = true;
    if (!this.#splitOnly && this.#working === undefined) {
      this.#await(this.#parse(data, type, this.#at, sharedRead, this.#bodyEnded));
      return;
    }
    this.#held ??= [];
    this.#held.push({ text: data, type, at: this.#at, sharedRead, unfinished: this.#bodyEnded });
  }

  /** Parsing goes on when the model's parser has settled. */
  #await(parsing: Promise<void> | undefined): void {
    if (parsing === undefined) return;
    this.#working = parsing.then(() => {
      this.#working = undefined;
      this.#parseHeld();
    });
  }

  onFrame(frame: unknown, blank: boolean): void {
    if (!blank) this.#sawEvent = true;
    const sharedRead = this.#readHadEvent;
    this.#readHadEvent = true;
    this.#hold({ frame, at: this.#at, sharedRead, unfinished: this.#bodyEnded });
  }

  onBroken(broken: Failure): void {
    this.#hold({ broken, at: this.#at, sharedRead: false, unfinished: this.#bodyEnded });
  }

  /** Keeps an event until its turn, which is now where none waits. */
  #hold(event: PendingEvent): void {
    this.#held ??= [];
    this.#held.push(event);
    if (!this.#splitOnly && this.#working === undefined) this.#parseHeld();
  }

  #parseHeld(): void {
    const held = this.#held;
    if (held === undefined) return;
    if (this.parser === 'parseStreamBatch') {
      // A microtask later: until then, the other reads of this stream that are due add their events.
      this.#await(Promise.resolve().then(() => this.#parseBatch()));
      return;
    }
    let n = 0;
    while (n < held.length && this.#working === undefined) {
      this.#await(this.#parsePending(held[n++]!));
    }
    this.#held = n === held.length ? undefined : held.slice(n);
  }

  /** Hands the events that wait to the model at once, up to one that ends the reply. */
  async #parseBatch(): Promise<void> {
    const held = this.#held ?? [];
    this.#held = undefined;
    if (this.#isOver) return;
    const data: unknown[] = [];
    for (const { text, type, frame, broken } of held) {
      const parsed = broken !== undefined ? ENDS : text === undefined ? frame : eventData(text, type);
      if (parsed === ENDS) break;
      data.push(parsed);
    }
    if (data.length > 0) await this.#batchToModel(data, held);
    const last = held[data.length];
    if (last !== undefined) this.#parsePending(last);
  }

  async #batchToModel(batch: readonly unknown[], events: readonly PendingEvent[]): Promise<void> {
    let count = 0;
    let isInside = false;
    const taken = (what?: BatchStep) => {
      const place = count;
      const sharesRead = isInside;
      isInside = what === 'part';
      if (!isInside) count += 1;
      const event = events[place];
      if (this.failure !== undefined || event === undefined || place >= batch.length) return;
      const sharedRead = sharesRead || (event.sharedRead && event.at !== this.#emptyRead);
      this.#hasFrames = what !== 'none' || (this.#hasFrames ?? false);
      this.#emptyRead = what === 'none' && !sharedRead ? event.at : undefined;
      if (what === 'none') return;
      try {
        this.#record(batch[place], event.text, event.at, sharedRead);
      } catch (thrown) {
        this.#modelBug(thrown);
      }
    };
    try {
      await this.#model.parseStreamBatch!(batch, this.#output, taken);
      if (this.failure === undefined && count !== batch.length)
        throw new Error(`it called taken() ${count} times for ${batch.length} events`);
    } catch (thrown) {
      this.#modelBug(thrown);
    }
  }

  get #isOver(): boolean {
    return this.failure !== undefined || this.#sawDone;
  }

  #parsePending(event: PendingEvent): undefined | Promise<void> {
    const { text, type, at, sharedRead, unfinished } = event;
    if (text !== undefined) return this.#parse(text, type, at, sharedRead, unfinished);
    if (this.#isOver) return undefined;
    this.failure = event.broken;
    return event.broken === undefined ? this.#toModel(event.frame, undefined, at, sharedRead) : undefined;
  }

  #parse(
    text: string,
    type: string | undefined,
    at: number,
    sharedRead: boolean,
    unfinished: boolean,
  ): undefined | Promise<void> {
    if (this.failure !== undefined || this.#sawDone) return undefined;
    const data = eventData(text, type);
    if (data === ENDS) return this.#endAt(text, type, at, sharedRead, unfinished);
    return this.#toModel(data, text, at, sharedRead);
  }

  /** Ends the reply with an event that is not for the model. */
  #endAt(
    text: string,
    type: string | undefined,
    at: number,
    sharedRead: boolean,
    unfinished: boolean,
  ): undefined {
    if (isDone(text)) {
      this.#sawDone = true;
      return undefined;
    }
    if (type === 'error') return this.#serverError(readErrorMessage(text), text, at, sharedRead);
    let error: string | undefined;
    try {
      error = findError(JSON.parse(text));
    } catch {
      return this.#notJson(text, unfinished);
    }
    return this.#serverError(error ?? '', text, at, sharedRead);
  }

  /** Returns a promise only where the model's parser does: awaiting every event would cost a microtask each. */
  #toModel(
    data: unknown,
    text: string | undefined,
    at: number,
    sharedRead: boolean,
  ): undefined | Promise<void> {
    try {
      const parsing = this.#model.parseStreamResponse?.(data, this.#output);
      if (typeof parsing?.then !== 'function') return this.#record(data, text, at, sharedRead);
      return parsing
        .then(() => this.#record(data, text, at, sharedRead))
        .catch((thrown) => this.#modelBug(thrown));
    } catch (thrown) {
      return this.#modelBug(thrown);
    }
  }

  #record(data: unknown, text: string | undefined, at: number, sharedRead: boolean): undefined {
    checkOutput(this.#output);
    const { error } = this.#output;
    if (error !== undefined) return this.#serverError(error, text ?? frameText(data), at, sharedRead);
    const kind = this.#watcher.look();
    this.events.add(at, kind, this.#watcher.tokens, sharedRead);
    return undefined;
  }

  #notJson(data: string, unfinished: boolean): undefined {
    const words = excerpt(data).slice(0, 200);
    this.failure = unfinished
      ? { kind: 'truncated', message: `the stream ended inside ${withArticle(this.#names.frame)}: ${words}` }
      : { kind: 'bad-reply', message: `${withArticle(this.#names.frame)} is not JSON: ${words}` };
    return undefined;
  }

  #serverError(words: string, data: string, at: number, sharedRead: boolean): undefined {
    this.events.add(at, 'error', 0, sharedRead);
    this.failure = { kind: 'server-error', message: words, bodyExcerpt: excerpt(data) };
    return undefined;
  }

  #modelBug(thrown: unknown): undefined {
    this.failure = modelBug(thrown, this.parser);
    return undefined;
  }

  #whatIsMissing(): Failure | undefined {
    return this.#sawEvent && this.#hasFrames !== false
      ? unended(this.#model, this.#output, this.#sawDone)
      : notAStream(this.#unread, this.#names);
  }
}

/** What reads the events: the model, or in text mode, where the messages of an exchange are events too, its parser for that. */
type EventParser = Pick<
  BaseAPIModel,
  'parseStreamResponse' | 'parseStreamBatch' | 'streamIsComplete' | 'endStream'
>;

function textParser(model: BaseAPIModel): EventParser {
  return { parseStreamResponse: (data, output) => model.parseTextResponse?.(data, output) };
}

/** Of messages there is no body to cut. */
const MESSAGES: BodySplitter = { names: { frame: 'message', body: 'exchange of messages' } };

/** Stands for an event that ends the reply. */
const ENDS = Symbol('ends the reply');

/** Returns what the model gets of an event that is JSON, or `ENDS`. */
function eventData(text: string, type: string | undefined): unknown {
  if (type === 'error' || isDone(text)) return ENDS;
  try {
    const data = parseJson(text);
    return findError(data) === undefined ? data : ENDS;
  } catch {
    return ENDS;
  }
}

/** An event that waits to be parsed: the text of one that is JSON, a frame as the model gets it, or why no more come. */
interface PendingEvent {
  readonly text?: string;
  readonly type?: string | undefined;
  readonly frame?: unknown;
  readonly broken?: Failure;
  readonly at: number;
  readonly sharedRead: boolean;
  /** The body ended before the event did. */
  readonly unfinished: boolean;
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** Returns why a body without any event failed. */
function notAStream(text: string, { frame, body }: FramingNames): Failure {
  if (text.split(/[\r\n]/).every((line) => /^(:.*|\s*|\s*\[\s*\]\s*)$/.test(line)))
    return { kind: 'bad-reply', message: `the stream ended without a single ${frame}` };
  try {
    const error = findError(JSON.parse(text));
    if (error !== undefined) return { kind: 'server-error', message: error, bodyExcerpt: excerpt(text) };
  } catch {
    // Not JSON: reported below.
  }
  const message = `the reply is no ${body} (does the service stream here?): ${readErrorMessage(text).slice(0, 200)}`;
  return { kind: 'bad-reply', message, bodyExcerpt: excerpt(text) };
}

/** Returns why a stream with events is incomplete; undefined where it is complete. */
function unended(model: EventParser, output: RequestOutput, sawDone: boolean): Failure | undefined {
  try {
    if (model.streamIsComplete?.(output, sawDone) ?? true) return undefined;
  } catch (thrown) {
    return modelBug(thrown, 'streamIsComplete');
  }
  return { kind: 'truncated', message: 'the stream ended without [DONE] and without a finish reason' };
}
