/** What the protocols call their finish reasons, in the words of OpenAI's chat completions, which everything behind a parser speaks. */
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
]);

/** The finish reason that a server gave, in OpenAI's words where it has one there; undefined when it gave none. */
export function finishReasonIn(said: unknown): string | undefined {
  return typeof said === 'string' && said !== '' ? (IN_OPENAI_WORDS.get(said) ?? said) : undefined;
}
