/** An answer that is not read: no formula, or one beyond the limits. Caught where answers are compared. */
export class Unreadable extends Error {}

/** Characters of an answer that is read as a formula; longer ones are compared as texts. */
export const LONGEST_ANSWER = 1000;
const DEEPEST = 60;
const MOST_PARTS = 3000;

/** The text of an answer and how far it is read, with limits on how deep and how long a formula may be. */
export class Source {
  readonly text: string;
  position = 0;
  /** Brackets around the place: there a comma stands between items, not between thousands. */
  brackets = 0;
  /** Absolute bars around the place: there a bar closes. */
  bars = 0;
  private depth = 0;
  private parts = 0;

  constructor(text: string) {
    if (text.length > LONGEST_ANSWER) throw new Unreadable(`longer than ${LONGEST_ANSWER} characters`);
    this.text = text;
  }

  /** Reads one part of a formula. Throws Unreadable beyond the limits. */
  part<T>(read: () => T): T {
    if (++this.parts > MOST_PARTS) throw new Unreadable('too many parts');
    if (++this.depth > DEEPEST) throw new Unreadable('nested too deeply');
    const result = read();
    this.depth--;
    return result;
  }

  skipSpace(): void {
    while (this.text[this.position] === ' ') this.position++;
  }

  get isAtEnd(): boolean {
    this.skipSpace();
    return this.position >= this.text.length;
  }

  /** The next character that is no space, not taken. */
  get next(): string {
    this.skipSpace();
    return this.text[this.position] ?? '';
  }

  /** Takes what a sticky pattern matches here, spaces before it left out. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    this.skipSpace();
    return this.takeHere(pattern);
  }

  /** The same, without leaving out spaces. */
  takeHere(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.position += match[0].length;
    return match;
  }

  /** Whether a sticky pattern matches here. */
  sees(pattern: RegExp): boolean {
    this.skipSpace();
    pattern.lastIndex = this.position;
    return pattern.test(this.text);
  }

  fail(what: string): never {
    throw new Unreadable(`${what} at character ${this.position + 1}`);
  }
}
