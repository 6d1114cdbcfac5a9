/** Reading of reply fields. Servers may send any JSON in any place: it must not break a parser, nor become part of a text. */
import type { RequestOutput, ToolCall } from '../../contract/output.ts';

const NONE: readonly never[] = Object.freeze([]);

/** Returns the value if it is a list, else an empty list. */
export function asList(value: unknown): readonly any[] {
  return Array.isArray(value) ? value : NONE;
}

/** Returns the value if it is a text, else ''. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The protocols' finish reasons in the words of OpenAI's chat completions, which everything behind a parser uses. */
const IN_OPENAI_WORDS: ReadonlyMap<string, string> = new Map([
  // TGI and MindIE
  ['eos_token', 'stop'],
  ['stop_sequence', 'stop'],
  // Anthropic Messages
  ['end_turn', 'stop'],
  ['max_tokens', 'length'],
  ['tool_use', 'tool_calls'],
  ['model_context_window_exceeded', 'length'],
  ['refusal', 'content_filter'],
  // OpenAI Responses
  ['max_output_tokens', 'length'],
  // llama.cpp
  ['eos', 'stop'],
  ['word', 'stop'],
  ['limit', 'length'],
  // Gemini
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ...['SAFETY', 'RECITATION', 'BLOCKLIST', 'PROHIBITED_CONTENT', 'SPII', 'IMAGE_SAFETY'].map(
    (reason) => [reason, 'content_filter'] as const,
  ),
]);

/** Translates a server's finish reason into OpenAI's words where there is one; undefined when it gave none. */
export function toFinishReason(said: unknown): string | undefined {
  return typeof said === 'string' && said !== '' ? (IN_OPENAI_WORDS.get(said) ?? said) : undefined;
}

/** Reads the finish reason of a service that says nothing of calls in it: an answer that stopped with some is one of `tool_calls`. */
export function readReason(said: unknown, output: RequestOutput): void {
  const reason = toFinishReason(said) ?? output.finishReason;
  output.finishReason = reason === 'stop' && output.toolCalls.length > 0 ? 'tool_calls' : reason;
}

/** Reads a call that comes whole, with its arguments as an object. */
export function readWholeCall(id: unknown, name: unknown, args: unknown, output: RequestOutput): void {
  const own = asText(id);
  output.toolCalls.push({
    ...(own === '' ? {} : { id: own }),
    name: asText(name),
    arguments: JSON.stringify(args ?? {}),
  });
}

/** Returns the object that a JSON text says; an empty one where a model wrote anything else. */
export function parseObject(json: unknown): object {
  try {
    const value: unknown = typeof json === 'string' ? JSON.parse(json) : json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** Assembles the tool calls of streams that open a call under an index and then send its arguments piece by piece. */
export class OpenToolCalls {
  readonly #calls = new WeakMap<RequestOutput, Map<number, ToolCall>>();

  open(output: RequestOutput, index: number, call: ToolCall): void {
    output.toolCalls.push(call);
    const calls = this.#calls.get(output) ?? new Map<number, ToolCall>();
    this.#calls.set(output, calls.set(index, call));
  }

  /** Adds to a call's arguments. A call that was never opened gets no name, but is not lost. */
  extend(output: RequestOutput, index: number, piece: string): void {
    if (this.at(output, index) === undefined) this.open(output, index, { name: '', arguments: '' });
    this.at(output, index)!.arguments += piece;
  }

  at(output: RequestOutput, index: number): ToolCall | undefined {
    return this.#calls.get(output)?.get(index);
  }
}
