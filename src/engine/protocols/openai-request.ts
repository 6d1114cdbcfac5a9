/** Everything of a chat or plain completion request but the prompt, and vLLM's error replies. */

import type { ChatMessage, InferenceEngine, Prompt, ReadPrompt, Sampling } from '../engine.ts';
import {
  type Body,
  BodyFields,
  type Complain,
  type ErrorWords,
  HttpError,
  isObject,
  parseObject,
} from '../exchange.ts';

/** When a stream carries usage. */
export interface StreamOptions {
  /** Usage in a separate last chunk. */
  readonly usageAtEnd: boolean;
  /** Usage in every chunk. */
  readonly usageInChunks: boolean;
}

/** Parses the body and checks its model. Throws HttpError 400 or 404. */
export function readRequest(text: string, engine: InferenceEngine): Body {
  const body = parseObject(text);
  if (body === undefined) throw invalidBody('json_invalid', 'body', 'JSON decode error');
  if (typeof body['model'] === 'string' && body['model'] !== engine.model) {
    throw unknownModel(body['model'], engine.model);
  }
  return body;
}

/** Refuses fields that would change the reply's meaning if they were ignored. */
export function refuseUnsupported(body: Body, names: readonly string[]): void {
  for (const name of names) {
    if (isAsked(body[name])) throw badRequest(`This service does not support ${name}.`, name);
  }
  const format = body['response_format'];
  if (isObject(format) && format['type'] !== 'text') {
    throw badRequest('This service does not support response_format.', 'response_format');
  }
  const choices = new BodyFields(body, wrongField).integer('n') ?? 1;
  if (choices < 1) throw badRequest(`n must be at least 1, got ${choices}.`);
  if (choices > 1) throw badRequest('This service gives one choice a request.', 'n');
}

/** Whether a field is set. */
export function isAsked(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

/** Throws HttpError 400 for a prompt that leaves no room for a reply, PromptRefused for one that the engine refuses. */
export function readPrompt(engine: InferenceEngine, prompt: Prompt): ReadPrompt {
  const read = engine.read(prompt);
  if (read.tokens < engine.contextLength) return read;
  throw badParameter(
    `This model's maximum context length is ${engine.contextLength} tokens. However, your prompt contains at least ` +
      `${read.tokens} input tokens, which leaves no room for output tokens. Please reduce the length of the prompt.`,
    'input_tokens',
    read.tokens,
  );
}

/** `defaultMax`: tokens of a reply when the request names no limit; undefined means all that the context has room for. */
export function readSampling(
  body: Body,
  engine: InferenceEngine,
  promptTokens: number,
  defaultMax: number | undefined,
): Sampling {
  const fields = new BodyFields(body, wrongField);
  const room = engine.contextLength - promptTokens;
  const name = fields.integer('max_completion_tokens') === undefined ? 'max_tokens' : 'max_completion_tokens';
  const asked = fields.integer(name);
  if (asked !== undefined) checkMaxTokens(asked, name, engine.contextLength, promptTokens);
  const maxTokens = asked ?? Math.min(defaultMax ?? room, room);
  const stop = fields.texts('stop');
  if (stop.includes('')) throw badRequest('stop cannot contain an empty string.', 'stop');
  return {
    maxTokens,
    minTokens: readMinTokens(fields, maxTokens),
    stop,
    keepStop: body['include_stop_str_in_output'] === true,
    ignoreEos: body['ignore_eos'] === true,
    temperature: readTemperature(fields),
    topP: readTopP(fields),
    topK: Math.max(0, fields.integer('top_k') ?? 0),
    seed: fields.integer('seed'),
  };
}

/** Throws HttpError 400 for a limit that prompt and context leave no room for. `name` is the field it came from. */
export function checkMaxTokens(
  value: number,
  name: string,
  contextLength: number,
  promptTokens: number,
): void {
  if (value < 1) throw badParameter(`${name} must be at least 1, got ${value}.`, name, value);
  if (value > contextLength) {
    const limit = `${name}=${value} cannot be greater than max_model_len=${contextLength}.`;
    throw badParameter(`${limit} Please request fewer output tokens.`, name, value);
  }
  if (promptTokens + value > contextLength) {
    throw badParameter(
      `This model's maximum context length is ${contextLength} tokens. However, you requested ${value} output tokens ` +
        `and your prompt contains ${promptTokens} input tokens. Please reduce one of them.`,
      'input_tokens',
      promptTokens,
    );
  }
}

function readMinTokens(fields: BodyFields, maxTokens: number): number {
  const value = fields.integer('min_tokens') ?? 0;
  if (value < 0) throw badParameter(`min_tokens must be at least 0, got ${value}.`, 'min_tokens', value);
  if (value <= maxTokens) return value;
  throw badParameter(`min_tokens must not be greater than max_tokens=${maxTokens}.`, 'min_tokens', value);
}

/** Default 1, as vLLM's when the model brings no other. */
export function readTemperature(fields: BodyFields): number {
  const value = fields.number('temperature') ?? 1;
  if (value >= 0) return value;
  throw badParameter(`temperature must be non-negative, got ${value}.`, 'temperature', value);
}

/** Reads `top_p`; default 1. */
export function readTopP(fields: BodyFields): number {
  const value = fields.number('top_p') ?? 1;
  if (value > 0 && value <= 1) return value;
  throw badParameter(`top_p must be in (0, 1], got ${value}.`, 'top_p', value);
}

/** Reads `stream_options`. */
export function readStreamOptions(body: Body): StreamOptions {
  const options = isObject(body['stream_options']) ? body['stream_options'] : {};
  const usageAtEnd = options['include_usage'] === true;
  return { usageAtEnd, usageInChunks: usageAtEnd && options['continuous_usage_stats'] === true };
}

/** A request that is understood and refused, in vLLM's body. */
export function badRequest(message: string, param: string | null = null): HttpError {
  return new HttpError(400, { error: { message, type: 'BadRequestError', param, code: 400 } });
}

/** A parameter with a value that is out of range, in vLLM's words. */
export function badParameter(message: string, param: string, value: unknown): HttpError {
  return badRequest(`${message} (parameter=${param}, value=${String(value)})`, param);
}

/** A body that does not have the form it must have: vLLM calls these validation errors and names the place. */
export function invalidBody(type: string, place: string, message: string): HttpError {
  const detail = `{'type': '${type}', 'loc': '${place}', 'msg': '${message}'}`;
  return new HttpError(400, {
    error: { message: `1 validation error:\n  ${detail}`, type: 'Bad Request', param: place, code: 400 },
  });
}

function unknownModel(asked: string, served: string): HttpError {
  const message = `The model \`${asked}\` does not exist. Valid aliases: ${served}.`;
  return new HttpError(404, { error: { message, type: 'NotFoundError', param: 'model', code: 404 } });
}

const PYDANTIC = {
  number: ['float_type', 'Input should be a valid number'],
  integer: ['int_type', 'Input should be a valid integer'],
  boolean: ['bool_type', 'Input should be a valid boolean'],
  string: ['string_type', 'Input should be a valid string'],
  'list of texts': ['string_type', 'Input should be a valid string'],
  object: ['dict_type', 'Input should be a valid dictionary'],
} as const;

/** Makes the reply for a field of the wrong type. */
export const wrongField: Complain = (name, expected) =>
  invalidBody(PYDANTIC[expected][0], `body.${name}`, PYDANTIC[expected][1]);

const internalError = (message: string) => ({
  error: { message, type: 'InternalServerError', param: null, code: 500 },
});

/** vLLM's error replies. */
export const OPENAI_WORDS: ErrorWords = {
  refused: (message) => badRequest(message),
  broken: (message) => new HttpError(500, internalError(message)),
  brokenStream: (message) => `data: ${JSON.stringify(internalError(message))}\n\ndata: [DONE]\n\n`,
};

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

/** Reads content for a protocol that has other error replies: `refuse` makes one of vLLM's words. */
export function readContentOr(
  refuse: (message: string) => HttpError,
  content: unknown,
  engine: InferenceEngine,
): string {
  try {
    return readContent(content, 'content', engine);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    throw refuse((error.body as { error: { message: string } }).error.message);
  }
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
