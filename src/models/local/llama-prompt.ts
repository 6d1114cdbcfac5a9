/** Prompts as the tokens that a GGUF model is given. */
import { messageOf } from '../../contract/errors.ts';
import { type Message, type PromptType, toMessages } from '../../contract/prompt-list.ts';
import { compileTemplate } from '../../python-data/jinja.ts';
import { strftime_now } from '../../tokenizer/tokenizer.ts';
import type { LlamaModel, LlamaToken } from './llama-load.ts';

const ROLES: ReadonlyMap<string, string> = new Map([
  ['HUMAN', 'user'],
  ['BOT', 'assistant'],
  ['SYSTEM', 'system'],
]);

/** Tokenizes a text, with the model's own first token; never empty. Throws for a text of no tokens. */
export function textTokens(model: LlamaModel, text: string): LlamaToken[] {
  const ids = model.tokenize(text, true);
  const { bos, shouldPrependBosToken } = model.tokens;
  const whole = shouldPrependBosToken && bos !== null && ids[0] !== bos ? [bos, ...ids] : ids;
  if (whole.length === 0) throw new Error('The prompt is empty.');
  return whole;
}

/** A dialogue's tokens, by the model's own chat template. Throws where it has none, or refuses the messages. */
export function chatTokens(model: LlamaModel, messages: readonly object[]): LlamaToken[] {
  const source = model.fileInfo.metadata.tokenizer?.chat_template;
  if (source === undefined) throw new Error('The model has no chat template.');
  try {
    const text = compileTemplate(source)({
      messages,
      strftime_now,
      add_generation_prompt: true,
      bos_token: model.tokens.bosString ?? '',
      eos_token: model.tokens.eosString ?? '',
    });
    return model.tokenize(text, true);
  } catch (error) {
    throw new Error(`The model's chat template refuses these messages: ${messageOf(error)}`);
  }
}

/**
 * Joins consecutive messages of one role by a newline, as chat templates need them; drops empty ones. Throws for a part
 * that is no text.
 */
export function mergeMessages(input: PromptType): { role: string; content: string }[] {
  const merged: { role: string; content: string }[] = [];
  for (const message of toMessages(input)) {
    const [role, content] = [ROLES.get(message.role) ?? message.role, joinText(message)];
    if (content === '') continue;
    const last = merged.at(-1);
    if (last?.role === role) last.content += `\n${content}`;
    else merged.push({ role, content });
  }
  return merged;
}

function joinText({ content }: Message): string {
  if (typeof content === 'string') return content;
  return content
    .map((part) => {
      if (part.type !== 'text') throw new Error(`a part "${part.type}" in a message to a model of texts`);
      return part['text'];
    })
    .join('');
}

/** What is left out of a prompt that is too long: its beginning, or its middle. */
export type CutMode = 'none' | 'mid';

/** At most `room` of the tokens: the last ones, or as many of both ends. */
export function cutTo<T>(ids: readonly T[], room: number, mode: CutMode): readonly T[] {
  if (ids.length <= room) return ids;
  const atEnd = mode === 'mid' ? Math.floor(room / 2) : room;
  return [...ids.slice(0, room - atEnd), ...ids.slice(ids.length - atEnd)];
}
