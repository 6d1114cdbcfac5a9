/** The messages of a chat, as OpenAI's two APIs and Anthropic's write them. */
import type { ChatMessage, InferenceEngine } from '../engine.ts';
import { type Body, isObject } from '../fields.ts';
import { badRequest, invalidBody, OPENAI_WORDS } from './openai-request.ts';

/** Reads a list of messages at `place`, e.g. `body.messages`. Throws HttpError 400 for anything else. */
export function readMessages(list: unknown, place: string, engine: InferenceEngine): readonly ChatMessage[] {
  if (list === undefined) throw invalidBody('missing', place, 'Field required');
  if (!Array.isArray(list)) throw invalidBody('list_type', place, 'Input should be a valid list');
  if (list.length === 0) {
    throw badRequest('An empty list of messages cannot be answered. Provide at least one message.');
  }
  return list.map((message, index) => readMessage(message, `${place}.${index}`, engine));
}

function readMessage(message: unknown, place: string, engine: InferenceEngine): ChatMessage {
  if (!isObject(message)) throw invalidBody('dict_type', place, 'Input should be a valid dictionary');
  const { role, content } = message;
  if (typeof role !== 'string') {
    throw invalidBody('string_type', `${place}.role`, 'Input should be a valid string');
  }
  return { role, content: readContent(content, `${place}.content`, engine) };
}

/** A text, or a list of parts: texts, and images and their like where the engine takes them. */
export function readContent(content: unknown, place: string, engine: InferenceEngine): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) throw invalidBody('string_type', place, 'Input should be a valid string');
  return content.map((part) => readPart(part, place, engine)).join('\n');
}

const TEXT_PARTS = new Set(['text', 'input_text', 'output_text']);

function readPart(part: unknown, place: string, engine: InferenceEngine): string {
  const type = isObject(part) ? part['type'] : undefined;
  const isText = typeof type === 'string' && TEXT_PARTS.has(type);
  if (isObject(part) && isText && typeof part['text'] === 'string') return part['text'];
  const line = engine.takesMedia === true && isObject(part) ? mediaLine(part, engine) : undefined;
  if (line !== undefined) return line;
  if (typeof type === 'string' && !isText) throw badRequest(`${engine.model} is not a multimodal model`);
  throw invalidBody('dict_type', place, 'Input should be a text part');
}

/** A token of Qwen2-VL covers this many pixels in each direction. */
const PATCH = 28;

/** Tokens of a medium whose size is not read: a JPEG, a remote URL, a frame, a video or sound as a whole. */
const TOKENS_OF_ANYTHING = 256;

/** Counts as one piece, and does not change a question's fingerprint. */
const TOKEN = '□';

const PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const IMAGES = [/^\x89PNG\r\n/, /^\xff\xd8\xff/, /^GIF8/, /^RIFF....WEBP/s, /^BM/];

/**
 * A line of the prompt that counts as many tokens as the part; undefined for a part that is no image, video or sound.
 * Throws HttpError in vLLM's words for a file, which a service does not open, and for what is no image.
 */
function mediaLine(part: Body, { contextLength }: InferenceEngine): string | undefined {
  const url = readUrl(part);
  if (url === undefined) return undefined;
  if (/^file:/i.test(url)) {
    throw OPENAI_WORDS.broken('Cannot load local files without `--allowed-local-media-path`.');
  }
  return TOKEN.repeat(Math.min(countMediaTokens(url), contextLength + 1));
}

/** In OpenAI's forms, `image_url`, `video_url`, `audio_url` and `input_image`, or Anthropic's `image` with its `source`. */
function readUrl(part: Body): string | undefined {
  const { type, source }: any = part;
  if (type === 'image' && typeof source?.data === 'string') {
    return `data:${source.media_type};base64,${source.data}`;
  }
  if (type === 'image') return typeof source?.url === 'string' ? source.url : undefined;
  const medium: any = type === 'input_image' ? part['image_url'] : part[type];
  const url: unknown = medium?.url ?? medium;
  return /^(image|video|audio)_url$|^input_image$/.test(type) && typeof url === 'string' ? url : undefined;
}

/** One for each patch of 28 × 28 pixels of a PNG, begun ones too; 256 for anything else, and for each frame of a video. */
function countMediaTokens(url: string): number {
  const [, mime, data] = /^data:([^;,]*);base64,(.*)$/s.exec(url) ?? [];
  if (mime === undefined || data === undefined) return TOKENS_OF_ANYTHING;
  if (!mime.startsWith('image/')) return data.split(',').length * TOKENS_OF_ANYTHING;
  const start = Buffer.from(data.slice(0, 44), 'base64');
  if (!IMAGES.some((form) => form.test(start.toString('latin1')))) {
    throw badRequest('Failed to load image: cannot identify image file');
  }
  if (!start.subarray(0, PNG.length).equals(PNG) || start.length < 24) return TOKENS_OF_ANYTHING;
  return Math.ceil(start.readUInt32BE(16) / PATCH) * Math.ceil(start.readUInt32BE(20) / PATCH);
}
