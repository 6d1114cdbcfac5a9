/** Tokens of a reply, as text: a token may be half a letter, which then waits for the other half. */
export class LlamaText<Token> {
  readonly #decode: (tokens: readonly Token[], before: readonly Token[]) => string;
  #before: readonly Token[];
  #pending: Token[] = [];

  /** `decode` turns tokens into text, given the tokens before them; `before`: the prompt's tokens. */
  constructor(
    decode: (tokens: readonly Token[], before: readonly Token[]) => string,
    before: readonly Token[],
  ) {
    this.#decode = decode;
    this.#before = before.slice(-LOOK_BACK);
  }

  /** The text that can be shown now, '' while a letter is unfinished. `last`: show what there is. */
  add(token: Token, last: boolean): string {
    this.#pending.push(token);
    const text = this.#decode(this.#pending, this.#before);
    // A letter has at most 4 bytes, so after 4 tokens the mark is what the model really wrote.
    if (text.endsWith('\uFFFD') && !last && this.#pending.length < 4) return '';
    this.#before = [...this.#before, ...this.#pending].slice(-LOOK_BACK);
    this.#pending = [];
    return text;
  }
}

/** Tokens before the text that a tokenizer may look at to decide about a leading space. */
const LOOK_BACK = 4;
