import { AisBenchError } from './errors.ts';

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

/** The parts of all messages that are no text, in order. */
export function mediaOf(input: PromptType): readonly ContentPart[] {
  if (typeof input === 'string') return [];
  return input.flatMap(({ content }) =>
    typeof content === 'string' ? [] : content.filter((part) => typeof part['text'] !== 'string'),
  );
}

/**
 * The dialogue as one text, messages joined by a newline (AISBench §3.3, LMTemplateParser without a meta template). Throws
 * ICLR-PARAM-003 where it has images, video or audio: without them the question would be another one.
 */
export function toText(input: PromptType): string {
  const [medium] = mediaOf(input);
  if (medium !== undefined) {
    throw new AisBenchError(
      'ICLR-PARAM-003',
      `a prompt with a part ${medium.type} cannot be told as one text`,
      {
        where: 'type',
        cure: 'ask a model that takes images, video or audio (docs/multimodal.md)',
      },
    );
  }
  return typeof input === 'string' ? input : input.map(({ content }) => textOf(content)).join('\n');
}

function textOf(content: string | readonly ContentPart[]): string {
  if (typeof content === 'string') return content;
  return content.map((part) => (typeof part['text'] === 'string' ? part['text'] : '')).join('');
}
