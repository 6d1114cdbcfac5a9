import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';

/** One server-sent event: its data, and its type when the server gave one. */
export interface SseEvent {
  readonly data: string;
  readonly type: string | undefined;
}

/** Splits a byte stream into server-sent events, however the bytes are cut. */
export class SseReader {
  readonly #decoder = new StringDecoder('utf8');
  readonly #parser;
  #started = false;
  #endedWithCr = false;

  constructor(onEvent: (event: SseEvent) => void) {
    this.#parser = createParser({ onEvent: ({ data, event }) => onEvent({ data, type: event }) });
  }

  feed(bytes: Uint8Array): void {
    this.#write(this.#decoder.write(bytes));
  }

  /** The stream ended cleanly: a last event without its blank line still counts. */
  end(): void {
    this.#write(`${this.#decoder.end()}\n\n`);
  }

  #write(text: string): void {
    if (text === '') return;
    const withoutMark = this.#started || !text.startsWith('\uFEFF') ? text : text.slice(1);
    this.#started = true;
    this.#parser.feed(this.#withLineFeeds(withoutMark));
  }

  /** The parser would hold a final CR back until it sees what follows, and the event would be stamped one read late. */
  #withLineFeeds(text: string): string {
    const rest = this.#endedWithCr && text.startsWith('\n') ? text.slice(1) : text;
    this.#endedWithCr = rest.endsWith('\r');
    return rest.includes('\r') ? rest.replace(/\r\n?/g, '\n') : rest;
  }
}
