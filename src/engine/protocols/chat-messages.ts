/** The messages of a chat, as OpenAI's two APIs and Anthropic's write them. */
import { isObject } from '../fields.ts';
import type { ChatMessage, Engine } from '../types.ts';
import { mediaLine } from './media-parts.ts';
import { badRequest, invalidBody } from './openai-errors.ts';

/** `place` is where the list stands, e.g. `body.messages`. Throws HttpError 400 for what is no list of messages. */
export function readMessages(list: unknown, place: string, engine: Engine): readonly ChatMessage[] {
  if (list === undefined) throw invalidBody('missing', place, 'Field required');
  if (!Array.isArray(list)) throw invalidBody('list_type', place, 'Input should be a valid list');
  if (list.length === 0) {
    throw badRequest('An empty list of messages cannot be answered. Provide at least one message.');
  }
  return list.map((message, index) => readMessage(message, `${place}.${index}`, engine));
}

function readMessage(message: unknown, place: string, engine: Engine): ChatMessage {
  if (!isObject(message)) throw invalidBody('dict_type', place, 'Input should be a valid dictionary');
  const { role, content } = message;
  if (typeof role !== 'string') {
    throw invalidBody('string_type', `${place}.role`, 'Input should be a valid string');
  }
  return { role, content: readContent(content, `${place}.content`, engine) };
}

/** A text, or a list of parts: texts, and images and their like where the engine takes them. */
export function readContent(content: unknown, place: string, engine: Engine): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) throw invalidBody('string_type', place, 'Input should be a valid string');
  return content.map((part) => readPart(part, place, engine)).join('\n');
}

const TEXT_PARTS = new Set(['text', 'input_text', 'output_text']);

function readPart(part: unknown, place: string, engine: Engine): string {
  const type = isObject(part) ? part['type'] : undefined;
  const isText = typeof type === 'string' && TEXT_PARTS.has(type);
  if (isObject(part) && isText && typeof part['text'] === 'string') return part['text'];
  const line = engine.takesMedia === true && isObject(part) ? mediaLine(part, engine) : undefined;
  if (line !== undefined) return line;
  if (typeof type === 'string' && !isText) throw badRequest(`${engine.model} is not a multimodal model`);
  throw invalidBody('dict_type', place, 'Input should be a text part');
}
