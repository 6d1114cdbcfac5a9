/** One part of a multimodal message, in the form that OpenAI's chat completions take. */
export interface ContentPart {
  readonly type: string;
  readonly [key: string]: unknown;
}

export interface Message {
  /** `system`, `user`, `assistant`, `tool`, or a role of the service's own. */
  readonly role: string;
  readonly content: string | readonly ContentPart[];
  readonly [key: string]: unknown;
}

/** A dialogue, oldest message first. AISBench's roles HUMAN, BOT and SYSTEM are already the service's by now. */
export type PromptList = readonly Message[];

/** What a model is asked: plain text, or a dialogue. */
export type PromptType = string | PromptList;

/** The dialogue as chat services take it: plain text becomes one user message. */
export function toMessages(input: PromptType): PromptList {
  return typeof input === 'string' ? [{ role: 'user', content: input }] : input;
}

/** The dialogue as one text, messages joined by a newline (AISBench §3.3, LMTemplateParser without a meta template). */
export function toText(input: PromptType): string {
  if (typeof input === 'string') return input;
  return input.map((message) => textOf(message.content)).join('\n');
}

function textOf(content: string | readonly ContentPart[]): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join('');
}
