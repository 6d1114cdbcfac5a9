/** `api/chat`, `api/generate` and `api/tags` of Ollama. */
import type { Finish, InferenceEngine, Prompt, ReadPrompt, Sampling } from '../engine.ts';
import {
  type Body,
  BodyFields,
  type Complain,
  type ErrorWords,
  fillSampling,
  get,
  HttpError,
  type HttpExchange,
  isObject,
  parseObject,
  post,
  type Route,
  readFitting,
} from '../exchange.ts';
import { isAsked, readContentOr } from './openai-request.ts';

/** Serves Ollama's paths. */
export function ollama(engine: InferenceEngine): readonly Route[] {
  const modified = new Date().toISOString();
  const name = engine.model.includes(':') ? engine.model : `${engine.model}:latest`;
  const details = { parent_model: '', format: '', family: '', families: [], parameter_size: '' };
  const models = [{ name, model: name, modified_at: modified, size: 0, digest: '', details }];
  return [
    post('/api/chat', WORDS, (exchange) => answer(exchange, engine, CHAT)),
    post('/api/generate', WORDS, (exchange) => answer(exchange, engine, GENERATE)),
    get('/api/tags', WORDS, (exchange) => exchange.reply(200, { models })),
  ];
}

/** What `chat` and `generate` do not share. */
interface OllamaEndpoint {
  /** Undefined where the request only loads the model. */
  readPrompt(body: Body, engine: InferenceEngine): Prompt | undefined;
  /** Makes the part of a reply that holds text; text and result are JSON texts. */
  said(text: string): string;
}

const CHAT: OllamaEndpoint = {
  readPrompt({ messages }, engine) {
    if (messages !== undefined && messages !== null && !Array.isArray(messages))
      throw wrongField('messages', 'object', messages);
    const list: readonly unknown[] = messages ?? [];
    if (list.length === 0) return undefined;
    return { kind: 'chat', messages: list.map((message) => readMessage(message, engine)) };
  },
  said: (text) => `"message":{"role":"assistant","content":${text}}`,
};

const GENERATE: OllamaEndpoint = {
  readPrompt(body, engine) {
    const fields = new BodyFields(body, wrongField);
    const prompt = fields.string('prompt') ?? '';
    const system = fields.string('system') ?? '';
    if (prompt === '') return undefined;
    for (const name of ['suffix', 'template', 'context']) {
      if (fields.has(name)) throw ollamaError(400, `${name} is not supported`);
    }
    if (fields.boolean('raw') !== true) {
      const user = readMessage({ role: 'user', content: prompt, images: body['images'] }, engine);
      return {
        kind: 'chat',
        messages: system === '' ? [user] : [{ role: 'system', content: system }, user],
      };
    }
    if (system !== '') throw ollamaError(400, 'system is not supported with raw');
    return { kind: 'text', text: prompt };
  },
  said: (text) => `"response":${text}`,
};

/** A message's text, with its images before it. */
function readMessage(message: unknown, engine: InferenceEngine) {
  if (!isObject(message)) throw wrongField('messages', 'object', message);
  const fields = new BodyFields(message, wrongField, 'messages.');
  const images = fields.texts('images').map((data) => ({
    type: 'image_url',
    image_url: { url: `data:image/unknown;base64,${data}` },
  }));
  const text = { type: 'text', text: fields.string('content') ?? '' };
  return { role: fields.string('role') ?? '', content: readContentOr(badRequest, [...images, text], engine) };
}

async function answer(
  exchange: HttpExchange,
  engine: InferenceEngine,
  endpoint: OllamaEndpoint,
): Promise<void> {
  const started = performance.now();
  const body = parseObject(exchange.body);
  if (body === undefined)
    throw badRequest(exchange.body === '' ? 'the body is empty' : 'the body is no JSON object');
  const model = readModel(body, engine);
  const fields = new BodyFields(body, wrongField);
  const stream = fields.boolean('stream') ?? true;
  refuseUnsupported(body);
  const asked = endpoint.readPrompt(body, engine);
  const head = `{"model":${JSON.stringify(model)},"created_at":"`;
  const line = (text: string) =>
    `${head}${new Date().toISOString()}",${endpoint.said(JSON.stringify(text))},"done":`;
  if (asked === undefined) {
    const reason = body['keep_alive'] === 0 ? 'unload' : 'load';
    return replyJson(exchange, `${line('')}true,"done_reason":"${reason}"}`);
  }
  const prompt = readFitting(engine, asked);
  const sampling = readSampling(fields.within('options'), engine, prompt);
  const writer = stream ? exchange.stream({ 'content-type': 'application/x-ndjson' }) : undefined;
  const texts: string[] = [];
  let generated = 0;
  let first: number | undefined;
  await prompt.generate(
    sampling,
    ({ text, tokens, finish }) => {
      first ??= performance.now();
      generated += tokens;
      if (writer === undefined) texts.push(text);
      const said = writer === undefined || text === '' ? '' : `${line(text)}false}\n`;
      if (finish === undefined) {
        if (said !== '') writer!.write(said);
        return;
      }
      const end = `${line(texts.join(''))}true,${summary(finish, { started, first, prompt, generated })}`;
      if (writer === undefined) replyJson(exchange, end);
      else writer.end(`${said}${end}\n`);
    },
    exchange.signal,
  );
}

/** A name without a tag means its `latest`. */
function readModel(body: Body, { model }: InferenceEngine): string {
  const asked = new BodyFields(body, wrongField).string('model') ?? '';
  if (asked === '') throw badRequest('model is required');
  if (asked === model || asked === `${model}:latest`) return asked;
  throw ollamaError(404, `model '${asked}' not found`);
}

/** Refuses fields that would change the reply's meaning if they were ignored. */
function refuseUnsupported(body: Body): void {
  const { tools, think, format } = body;
  if (Array.isArray(tools) && tools.length > 0) throw badRequest('tools is not supported');
  if (isAsked(think)) throw badRequest('think is not supported');
  if (isAsked(format) && format !== '') throw badRequest('format is not supported');
  if (isAsked(body['logprobs'])) throw badRequest('logprobs is not supported');
}

function readSampling(options: BodyFields, engine: InferenceEngine, prompt: ReadPrompt): Sampling {
  const asked = options.integer('num_predict') ?? -1;
  return fillSampling(engine, prompt, {
    // 0 and less: no limit but the context.
    maxTokens: asked > 0 ? asked : engine.contextLength,
    stop: options.texts('stop'),
    temperature: options.number('temperature') ?? 0.8,
    topP: options.number('top_p') ?? 0.9,
    topK: options.integer('top_k') ?? 40,
    seed: options.integer('seed'),
  });
}

interface OllamaTiming {
  readonly started: number;
  readonly first: number;
  readonly prompt: ReadPrompt;
  readonly generated: number;
}

/** The rest of the last line: reason, counts, and times in nanoseconds. Ollama leaves out a count that is 0. */
function summary({ reason }: Finish, { started, first, prompt, generated }: OllamaTiming): string {
  const now = performance.now();
  const nanoseconds = (milliseconds: number) => Math.round(milliseconds * 1e6);
  return JSON.stringify({
    done_reason: reason,
    total_duration: nanoseconds(now - started),
    load_duration: 0,
    prompt_eval_count: prompt.tokens || undefined,
    prompt_eval_duration: nanoseconds(first - started),
    eval_count: generated || undefined,
    eval_duration: nanoseconds(now - first),
  }).slice(1);
}

function replyJson(exchange: HttpExchange, json: string): void {
  exchange.reply(200, json, { 'content-type': 'application/json; charset=utf-8' });
}

function ollamaError(status: number, message: string): HttpError {
  return new HttpError(status, { error: message }, { 'content-type': 'application/json; charset=utf-8' });
}

function badRequest(message: string): HttpError {
  return ollamaError(400, message);
}

const wrongField: Complain = (name, expected) => badRequest(`${name} must be of the type ${expected}`);

const WORDS: ErrorWords = {
  refused: badRequest,
  broken: (message) => ollamaError(500, message),
  brokenStream: (message) => `${JSON.stringify({ error: message })}\n`,
};
