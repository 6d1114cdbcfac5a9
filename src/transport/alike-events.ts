import { EventTemplate } from './event-template.ts';

/** Short streams are over before a template pays. */
const LEARN_AFTER = 8;
const LEARN_ATTEMPTS = 4;

/** The events of one stream that are the ones before with another text in them: learns what they look like, and reads them. */
export class AlikeEvents {
  #template: EventTemplate | undefined;
  #attempts = 0;
  #seen = 0;
  #last: string | undefined;

  /** The data of the event that is the text from `start` up to `end`; undefined where it is not like the ones before. */
  read(text: string, start: number, end: number): unknown {
    return this.#template?.read(text, start, end);
  }

  /** Two events in a row, each the whole text of one, show what the events of this stream have in common. */
  learn(text: string, start: number, end: number): void {
    this.#seen += 1;
    if (this.#template !== undefined || this.#attempts === LEARN_ATTEMPTS || this.#seen < LEARN_AFTER) return;
    const piece = text.slice(start, end);
    if (this.#last === undefined) {
      this.#last = piece;
      return;
    }
    this.#attempts += 1;
    this.#template = EventTemplate.of(this.#last, piece);
    this.#last = undefined;
  }
}
