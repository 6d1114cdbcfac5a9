/** A text, or of a long one its beginning, how many characters were left out, and its end. */
export type PageText = string | readonly [head: string, leftOut: number, tail: string];

/** No text is kept longer than this, in UTF-16 units. */
const LONGEST = 2 ** 20;
const SHORTEST = 512;

/** Keeps texts of bounded size together: when they outgrow it, the longest are cut in the middle, all at the same length. */
export class BoundedTexts {
  readonly #limit: number;
  readonly #texts: PageText[] = [];
  #longest = LONGEST;
  #size = 0;

  /** `limit` in UTF-16 units; many texts of a few hundred are kept whatever it is. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number under which the text is kept. */
  add(text: string): number {
    const kept = cut(text, this.#longest);
    this.#size += sizeOf(kept);
    const number = this.#texts.push(kept) - 1;
    while (this.#size > this.#limit && this.#longest > SHORTEST) this.#shorten();
    return number;
  }

  get(number: number): PageText {
    return this.#texts[number]!;
  }

  /** How many texts were cut. */
  get cuts(): number {
    return this.#texts.filter((text) => typeof text !== 'string').length;
  }

  #shorten(): void {
    this.#longest = Math.floor(this.#longest / Math.SQRT2);
    this.#size = 0;
    for (const [n, text] of this.#texts.entries()) {
      const kept = cut(text, this.#longest);
      this.#texts[n] = kept;
      this.#size += sizeOf(kept);
    }
  }
}

function sizeOf(text: PageText): number {
  return typeof text === 'string' ? text.length : text[0].length + text[2].length;
}

/** An answer's end says more than its middle: a third of what is kept. */
function cut(text: PageText, longest: number): PageText {
  const size = sizeOf(text);
  if (size <= longest) return text;
  const [head, leftOut, tail] = typeof text === 'string' ? [text, 0, text] : text;
  const forTail = Math.floor(longest / 3);
  const kept: PageText = [
    whole(head.slice(0, longest - forTail)),
    leftOut,
    wholeEnd(tail.slice(Math.max(0, tail.length - forTail))),
  ];
  return [kept[0], leftOut + size - kept[0].length - kept[2].length, kept[2]];
}

/** Without half of a surrogate pair at its end. */
function whole(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}

function wholeEnd(text: string): string {
  return /^[\uDC00-\uDFFF]/.test(text) ? text.slice(1) : text;
}
