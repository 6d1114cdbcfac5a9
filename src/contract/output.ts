import type { PromptType } from './prompt-list.ts';

/** A function that the model calls, assembled while the reply arrives. */
export interface ToolCall {
  id?: string;
  name: string;
  /** JSON text, as the server sent it, assembled from its deltas. */
  arguments: string;
}

/**
 * Collects one reply. A parser fills it; the engine watches it to see which event brought payload, and makes the
 * immutable record from it at the end. `output.addContent(delta)`, `output.content += delta` and `output.content = wholeTextSoFar` come
 * to the same; of a long stream the first costs least.
 */
export class RequestOutput {
  readonly #content = new GrowingText();
  readonly #reasoning = new GrowingText();
  toolCalls: ToolCall[] = [];
  /** Role announced by the stream, when it announces one. */
  role: string | undefined;
  /** Prompt tokens as the server counts them. */
  inputTokens: number | undefined;
  /** Of the prompt tokens, those that the server says it took from its prefix cache. */
  cachedTokens: number | undefined;
  /** Generated tokens so far as the server counts them, reasoning included. */
  outputTokens: number | undefined;
  /** Of the generated tokens, those of the reasoning channel, where the server counts them. */
  reasoningTokens: number | undefined;
  /** Why the server stopped: `stop`, `length`, `tool_calls`, … */
  finishReason: string | undefined;
  /** Set it to fail the request with the server's words. */
  error: string | undefined;
  /** The prompt for the transcript; the engine fills it in unless the class did. */
  input: PromptType | undefined;
  extraPerfData: Record<string, unknown> = {};
  extraDetailsData: Record<string, unknown> = {};

  /** Text of the answer so far. Setting it to what is no text throws a TypeError. */
  get content(): string {
    return this.#content.get();
  }

  set content(text: string) {
    this.#content.set(checkedText('content', text));
  }

  /** Text of the model's reasoning channel (`reasoning_content` or `reasoning`) so far. */
  get reasoningContent(): string {
    return this.#reasoning.get();
  }

  set reasoningContent(text: string) {
    this.#reasoning.set(checkedText('reasoningContent', text));
  }

  /** Adds what an event brought to `content`. */
  addContent(piece: string): void {
    this.#content.add(piece);
  }

  /** Adds what an event brought to `reasoningContent`. */
  addReasoningContent(piece: string): void {
    this.#reasoning.add(piece);
  }

  /** How often `content` changed: shows the engine which event brought some. */
  get contentChanges(): number {
    return this.#content.changes;
  }

  /** The same for `reasoningContent`. */
  get reasoningChanges(): number {
    return this.#reasoning.changes;
  }
}

function checkedText(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError(`output.${field} must be text, but it was set to ${String(JSON.stringify(value))}`);
}

/** UTF-16 units that the first piece makes room for; the room doubles whenever it is full. */
const FIRST_ROOM = 128;

/**
 * Sets after which a text is made one piece: V8 would keep every `+=` as a separate object, which the collector has to move
 * about. A long text is joined less often, so that joining writes no more than 64 characters a change.
 */
const JOIN_EVERY = 32;
const JOIN_SHARE = 1 / 64;

/**
 * A text that grows piece by piece. Pieces are kept as numbers outside of the garbage collector's reach until a reader needs
 * the text: with hundreds of streams the pieces of all replies are most of what it would move about, and while it does, stamps
 * are late (`bench/load stamps`).
 */
export class GrowingText {
  #text = '';
  /** UTF-16 units of the pieces that follow `#text`. */
  #units: Uint16Array | undefined;
  #used = 0;
  /** All these units or-ed together: whether they are Latin-1. */
  #bits = 0;
  #sets = 0;
  #joinAt = JOIN_EVERY;
  #changes = 0;

  /** How often it became another text that is not empty. */
  get changes(): number {
    return this.#changes;
  }

  add(piece: string): void {
    const { length } = piece;
    if (length === 0) return;
    const used = this.#used;
    const units = this.#roomFor(used + length);
    let bits = this.#bits;
    for (let n = 0; n < length; n++) {
      const unit = piece.charCodeAt(n);
      bits |= unit;
      units[used + n] = unit;
    }
    this.#bits = bits;
    this.#used = used + length;
    this.#changes += 1;
  }

  get(): string {
    if (this.#used > 0) this.#fold();
    return this.#text;
  }

  set(text: string): void {
    if (this.get() !== text && text !== '') this.#changes += 1;
    this.#text = text;
    if (++this.#sets === this.#joinAt) this.#join();
  }

  #roomFor(length: number): Uint16Array {
    const units = this.#units;
    if (units !== undefined && length <= units.length) return units;
    const larger = new Uint16Array(Math.max(length, 2 * (units?.length ?? FIRST_ROOM / 2)));
    if (units !== undefined) larger.set(units);
    this.#units = larger;
    return larger;
  }

  #fold(): void {
    const units = this.#units!.subarray(0, this.#used);
    const added =
      this.#bits < 0x100
        ? Buffer.from(units).toString('latin1')
        : Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le');
    this.#text = this.#text === '' ? added : this.#text + added;
    this.#used = 0;
    this.#bits = 0;
  }

  /** Looking at a character makes V8 write a text that was put together out of pieces into one. */
  #join(): void {
    this.#text.charCodeAt(0);
    this.#joinAt += Math.max(JOIN_EVERY, Math.floor(this.#text.length * JOIN_SHARE));
  }
}
