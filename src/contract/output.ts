import { GrowingText } from './growing-text.ts';
import type { PromptType } from './prompt-list.ts';

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
  /** Of the generated tokens, those of the reasoning channel, where the server tells them apart. */
  reasoningTokens: number | undefined;
  /** Why the server stopped: `stop`, `length`, `tool_calls`, … */
  finishReason: string | undefined;
  /** Set it to fail the request with the server's words. */
  error: string | undefined;
  /** What was asked, for the transcript; the engine fills it with the prompt unless the class did. */
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

  /** How often `content` became another text: the engine tells by it which event brought some. */
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
