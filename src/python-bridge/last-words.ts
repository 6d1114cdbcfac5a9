import type { Readable } from 'node:stream';

/** Characters that are kept. */
const KEPT = 8192;

/** The end of what a process printed, on both of its streams, as it came. */
export class LastWords {
  #text = '';

  listenTo(stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      this.#text = (this.#text + text).slice(-KEPT);
    });
  }

  /** Empty where it printed nothing. */
  get text(): string {
    return this.#text.trim();
  }

  /** The last line, cut to what fits in a message. */
  get lastLine(): string {
    return (this.text.split('\n').at(-1) ?? '').trim().slice(0, 300);
  }
}
