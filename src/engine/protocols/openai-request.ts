/** What chat and plain completions have in common: everything of the request but the prompt. */
import type { Engine, Prompt, ReadPrompt, Sampling } from '../types.ts';
import { PromptRefused } from '../types.ts';
import { badParameter, badRequest, invalidBody, unknownModel } from './openai-errors.ts';

export type Body = Readonly<Record<string, unknown>>;

export interface StreamOptions {
  /** Usage in a last chunk of its own. */
  readonly usageAtEnd: boolean;
  /** Usage in every chunk. */
  readonly usageInChunks: boolean;
}

/** The body as an object whose model is ours. Throws HttpError 400 or 404. */
export function readRequest(text: string, engine: Engine): Body {
  const body = parseObject(text);
  if (typeof body['model'] === 'string' && body['model'] !== engine.model) {
    throw unknownModel(body['model'], engine.model);
  }
  refuseUnsupported(body);
  return body;
}

function parseObject(text: string): Body {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidBody('json_invalid', 'body', 'JSON decode error');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidBody('dict_type', 'body', 'Input should be a valid dictionary');
  }
  return value as Body;
}

// Left out in silence, each of these would give a reply that means something else than the client believes.
function refuseUnsupported(body: Body): void {
  for (const name of ['logprobs', 'prompt_logprobs', 'echo', 'suffix']) {
    const value = body[name];
    if (value !== undefined && value !== null && value !== false) {
      throw badRequest(`This service does not support ${name}.`, name);
    }
  }
  const { tools, n, response_format: format } = body;
  if (Array.isArray(tools) && tools.length > 0 && body['tool_choice'] !== 'none') {
    throw badRequest('This service does not support tools.', 'tools');
  }
  if (isObject(format) && format['type'] !== 'text') {
    throw badRequest('This service does not support response_format.', 'response_format');
  }
  const choices = integer(n, 'n') ?? 1;
  if (choices < 1) throw badRequest(`n must be at least 1, got ${choices}.`);
  if (choices > 1) throw badRequest('This service gives one choice a request.', 'n');
}

/** Throws HttpError 400 for a prompt that the engine refuses or that leaves no room for a reply. */
export function readPrompt(engine: Engine, prompt: Prompt): ReadPrompt {
  const read = engineRead(engine, prompt);
  if (read.tokens < engine.contextLength) return read;
  throw badParameter(
    `This model's maximum context length is ${engine.contextLength} tokens. However, your prompt contains at least ` +
      `${read.tokens} input tokens, which leaves no room for output tokens. Please reduce the length of the prompt.`,
    'input_tokens',
    read.tokens,
  );
}

function engineRead(engine: Engine, prompt: Prompt): ReadPrompt {
  try {
    return engine.read(prompt);
  } catch (error) {
    if (error instanceof PromptRefused) throw badRequest(error.message);
    throw error;
  }
}

/** `defaultMax`: tokens of a reply when the request names no limit; undefined means all that the context has room for. */
export function readSampling(
  body: Body,
  engine: Engine,
  promptTokens: number,
  defaultMax: number | undefined,
): Sampling {
  const room = engine.contextLength - promptTokens;
  const maxTokens =
    readMaxTokens(body, engine.contextLength, promptTokens) ?? Math.min(defaultMax ?? room, room);
  return {
    maxTokens,
    minTokens: readMinTokens(body, maxTokens),
    stop: readStop(body['stop']),
    keepStop: body['include_stop_str_in_output'] === true,
    ignoreEos: body['ignore_eos'] === true,
    temperature: readTemperature(body),
    topP: readTopP(body),
    topK: Math.max(0, integer(body['top_k'], 'top_k') ?? 0),
    seed: integer(body['seed'], 'seed'),
  };
}

function readMaxTokens(body: Body, contextLength: number, promptTokens: number): number | undefined {
  const name = body['max_completion_tokens'] == null ? 'max_tokens' : 'max_completion_tokens';
  const value = integer(body[name], name);
  if (value === undefined) return undefined;
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
  return value;
}

function readMinTokens(body: Body, maxTokens: number): number {
  const value = integer(body['min_tokens'], 'min_tokens') ?? 0;
  if (value < 0) throw badParameter(`min_tokens must be at least 0, got ${value}.`, 'min_tokens', value);
  if (value <= maxTokens) return value;
  throw badParameter(`min_tokens must not be greater than max_tokens=${maxTokens}.`, 'min_tokens', value);
}

function readTemperature(body: Body): number {
  const value = number(body['temperature'], 'temperature') ?? 1;
  if (value >= 0) return value;
  throw badParameter(`temperature must be non-negative, got ${value}.`, 'temperature', value);
}

function readTopP(body: Body): number {
  const value = number(body['top_p'], 'top_p') ?? 1;
  if (value > 0 && value <= 1) return value;
  throw badParameter(`top_p must be in (0, 1], got ${value}.`, 'top_p', value);
}

function readStop(value: unknown): readonly string[] {
  const list = value == null ? [] : Array.isArray(value) ? value : [value];
  for (const stop of list) {
    if (typeof stop !== 'string')
      throw invalidBody('string_type', 'body.stop', 'Input should be a valid string');
    if (stop === '') throw badRequest('stop cannot contain an empty string.', 'stop');
  }
  return list as string[];
}

export function readStreamOptions(body: Body): StreamOptions {
  const options = isObject(body['stream_options']) ? body['stream_options'] : {};
  const usageAtEnd = options['include_usage'] === true;
  return { usageAtEnd, usageInChunks: usageAtEnd && options['continuous_usage_stats'] === true };
}

function number(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value;
  throw invalidBody('float_type', `body.${name}`, 'Input should be a valid number');
}

function integer(value: unknown, name: string): number | undefined {
  const found = number(value, name);
  if (found === undefined || Number.isInteger(found)) return found;
  throw invalidBody('int_type', `body.${name}`, 'Input should be a valid integer');
}

export function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
