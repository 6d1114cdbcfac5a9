import type { BaseAPIModel } from '../models/base-api-model.ts';
import type { RequestOutput } from '../models/output.ts';
import type { Failure } from '../record.ts';
import { EventRecorder, OutputWatcher } from './event-log.ts';
import { errorIn, excerpt, wordsOf } from './failure.ts';
import { checkOutput, modelBug } from './model-bug.ts';
import { SseReader } from './sse.ts';

/** How much of a body that is no event stream is kept to say what it was. */
const UNREAD_LIMIT = 4096;

interface PendingEvent {
  readonly data: string;
  readonly type: string | undefined;
  readonly at: number;
  readonly sharedRead: boolean;
  /** The body ended before the event did. */
  readonly unfinished: boolean;
}

/**
 * Reads a streamed reply through the model's parser. Bytes arrive stamped; their events wait in a queue and are parsed
 * after the sockets that were ready have been stamped, so that a slow parser cannot delay a stamp.
 */
export class StreamReply {
  readonly events = new EventRecorder();
  failure: Failure | undefined;
  readonly #model: BaseAPIModel;
  readonly #output: RequestOutput;
  readonly #watcher: OutputWatcher;
  readonly #sse: SseReader;
  #queue: PendingEvent[] = [];
  #working: Promise<void> | undefined;
  /** The socket read that is being taken apart, and whether an event came in it already. */
  #read = { at: 0, hadEvent: false };
  #bodyEnded = false;
  #sawDone = false;
  #sawEvent = false;
  #unread = '';

  constructor(model: BaseAPIModel, output: RequestOutput) {
    this.#model = model;
    this.#output = output;
    this.#watcher = new OutputWatcher(output);
    this.#sse = new SseReader(({ data, type }) => this.#enqueue(data, type));
  }

  /** Takes a piece of the body. Returns whether an event has come, in this piece or before. */
  push(bytes: Uint8Array, at: number, sharedRead: boolean): boolean {
    if (!sharedRead) this.#read = { at, hadEvent: false };
    if (!this.#sawEvent && this.#unread.length < UNREAD_LIMIT) {
      this.#unread += Buffer.from(bytes.subarray(0, UNREAD_LIMIT)).toString('utf8');
    }
    this.#sse.feed(bytes);
    if (this.#queue.length > 0 && this.#working === undefined) {
      this.#working = new Promise((resolve) => setImmediate(() => resolve(this.#drain())));
    }
    return this.#sawEvent;
  }

  /** The stream said `[DONE]`: what happens to the connection afterwards takes nothing from the reply. */
  get saidDone(): boolean {
    return this.#sawDone;
  }

  /** Parses what is left. After a clean end of the body, also says whether the reply was complete. */
  async finish(cleanEnd: boolean): Promise<void> {
    this.#bodyEnded = true;
    if (cleanEnd) this.#sse.end();
    await this.#working;
    await this.#drain();
    if (cleanEnd && this.failure === undefined) this.failure = this.#whatIsMissing();
  }

  #enqueue(data: string, type: string | undefined): void {
    if (data.trim() === '') return; // Some servers keep the connection alive with empty events.
    this.#sawEvent = true;
    this.#unread = '';
    const { at, hadEvent } = this.#read;
    this.#queue.push({ data, type, at, sharedRead: hadEvent, unfinished: this.#bodyEnded });
    this.#read.hadEvent = true;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      for (const event of batch) {
        if (this.failure === undefined && !this.#sawDone) {
          const parsing = this.#parse(event);
          if (parsing !== undefined) await parsing;
        }
      }
    }
    this.#working = undefined;
  }

  /** Returns a promise only where the model's parser does: awaiting every event would cost a microtask each. */
  #parse(event: PendingEvent): undefined | Promise<void> {
    if (event.data.trim() === '[DONE]') {
      this.#sawDone = true;
      return undefined;
    }
    if (event.type === 'error') return this.#serverError(event, wordsOf(event.data));
    let data: unknown;
    try {
      data = JSON.parse(event.data);
    } catch {
      const words = excerpt(event.data).slice(0, 200);
      this.failure = event.unfinished
        ? { kind: 'truncated', message: `the stream ended inside an event: ${words}` }
        : { kind: 'bad-reply', message: `an event is not JSON: ${words}` };
      return undefined;
    }
    const error = errorIn(data);
    if (error !== undefined) return this.#serverError(event, error);
    try {
      const parsing = this.#model.parseStreamResponse?.(data, this.#output);
      if (typeof parsing?.then !== 'function') return this.#record(event);
      return parsing.then(() => this.#record(event)).catch((thrown) => this.#modelBug(thrown));
    } catch (thrown) {
      return this.#modelBug(thrown);
    }
  }

  #record(event: PendingEvent): undefined {
    checkOutput(this.#output);
    if (this.#output.error !== undefined) return this.#serverError(event, this.#output.error);
    const { kind, tokens } = this.#watcher.look();
    this.events.add(event.at, kind, tokens, event.sharedRead);
    return undefined;
  }

  #serverError(event: PendingEvent, words: string): undefined {
    this.events.add(event.at, 'error', 0, event.sharedRead);
    this.failure = { kind: 'server-error', message: words, bodyExcerpt: excerpt(event.data) };
    return undefined;
  }

  #modelBug(thrown: unknown): undefined {
    this.failure = modelBug(thrown, 'parseStreamResponse');
    return undefined;
  }

  #whatIsMissing(): Failure | undefined {
    if (!this.#sawEvent) return notAStream(this.#unread);
    try {
      if (this.#model.streamIsComplete?.(this.#output, this.#sawDone) ?? true) return undefined;
    } catch (thrown) {
      return modelBug(thrown, 'streamIsComplete');
    }
    return { kind: 'truncated', message: 'the stream ended without [DONE] and without a finish reason' };
  }
}

function notAStream(body: string): Failure {
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
