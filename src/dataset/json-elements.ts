import { LONGEST_LINE } from '../basics/byte-lines.ts';

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const MARK = Buffer.from('\ufeff');

/**
 * The bytes of each element of a text that is one JSON list, whatever its chunks, so that no more than an element is held. Only
 * where elements begin and end is looked at: what is in them is the reader's to check. Throws what `refuse` makes of what is wrong.
 */
export async function* jsonElements(
  chunks: AsyncIterable<Buffer>,
  refuse: (what: string) => Error,
): AsyncGenerator<Buffer> {
  const scanner = new Scanner(refuse);
  for await (const chunk of chunks) yield* scanner.read(chunk);
  scanner.end();
}

class Scanner {
  readonly #refuse: (what: string) => Error;
  #held: Buffer[] = [];
  #length = 0;
  #place: 'before the list' | 'in the list' | 'behind it' = 'before the list';
  /** Lists and objects that are open inside of the element. */
  #depth = 0;
  #inText = false;
  /** At the end of the last chunk, of a text that is open. */
  #backslashes = 0;
  /** Bytes of the byte order mark that have come. */
  #marks = 0;
  #isFirst = true;

  constructor(refuse: (what: string) => Error) {
    this.#refuse = refuse;
  }

  *read(chunk: Buffer): Generator<Buffer> {
    /** Where what belongs to the element begins. */
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      if (this.#inText) {
        i = this.#throughText(chunk, i);
        continue;
      }
      const byte = chunk[i]!;
      if (this.#place !== 'in the list') {
        this.#outside(byte);
        from = i + 1;
      } else if (byte === QUOTE) this.#inText = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth++;
      else if (this.#depth > 0) this.#depth -= byte === CLOSE_LIST || byte === CLOSE_OBJECT ? 1 : 0;
      else if (byte === COMMA || byte === CLOSE_LIST) {
        const element = this.#taken(chunk.subarray(from, i), byte === CLOSE_LIST);
        if (element !== undefined) yield element;
        from = i + 1;
      }
    }
    if (this.#place === 'in the list') this.#hold(chunk.subarray(from));
  }

  end(): void {
    if (this.#place !== 'behind it')
      throw this.#refuse(this.#place === 'in the list' ? 'ends within its list' : 'is no JSON list');
  }

  /** Where the text that is open ends: its quote, or the end of the chunk. */
  #throughText(chunk: Buffer, from: number): number {
    for (let at = chunk.indexOf(QUOTE, from); at !== -1; at = chunk.indexOf(QUOTE, at + 1)) {
      if (this.#backslashesBefore(chunk, from, at) % 2 === 1) continue;
      this.#inText = false;
      this.#backslashes = 0;
      return at;
    }
    this.#backslashes = this.#backslashesBefore(chunk, from, chunk.length);
    return chunk.length;
  }

  #backslashesBefore(chunk: Buffer, from: number, at: number): number {
    let start = at;
    while (start > from && chunk[start - 1] === BACKSLASH) start--;
    return at - start + (start === from ? this.#backslashes : 0);
  }

  #outside(byte: number): void {
    const isMark = this.#place === 'before the list' && byte === MARK[this.#marks];
    if (isMark) this.#marks++;
    else if (byte === OPEN_LIST && this.#place === 'before the list') this.#place = 'in the list';
    else if (!SPACES.has(byte))
      throw this.#refuse(this.#place === 'behind it' ? 'goes on behind its list' : 'is no JSON list');
  }

  #hold(part: Buffer): void {
    this.#held.push(part);
    this.#length += part.length;
    if (this.#length > LONGEST_LINE) throw this.#refuse('has an element that is longer than a text can be');
  }

  /** The element that ends here; undefined for that of an empty list. */
  #taken(last: Buffer, isLast: boolean): Buffer | undefined {
    const all = Buffer.concat([...this.#held, last]);
    this.#held = [];
    this.#length = 0;
    let [start, end] = [0, all.length];
    while (start < end && SPACES.has(all[start]!)) start++;
    while (end > start && SPACES.has(all[end - 1]!)) end--;
    if (start === end && !(isLast && this.#isFirst)) throw this.#refuse('has a comma without an element');
    this.#isFirst = false;
    if (isLast) this.#place = 'behind it';
    return start === end ? undefined : all.subarray(start, end);
  }
}
