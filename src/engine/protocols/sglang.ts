/** SGLang's own `generate`, after its documentation; not compared with a live server. */
import {
  collect,
  type Finish,
  type InferenceEngine,
  PromptRefused,
  type ReadPrompt,
  type Sampling,
} from '../engine.ts';
import {
  BodyFields,
  type Complain,
  type ErrorWords,
  fillSampling,
  HttpError,
  type HttpExchange,
  parseObject,
  post,
  type Route,
} from '../exchange.ts';
import { newId } from './openai-reply.ts';

const DEFAULT_MAX_TOKENS = 128;

/** Serves `generate`: a `text` beside its `sampling_params` distinguishes its requests from those of other protocols. */
export function sglang(engine: InferenceEngine): readonly Route[] {
  return [
    post(
      '/generate',
      WORDS,
      (exchange) => answer(exchange, engine),
      (body) => ['text', 'input_ids', 'sampling_params'].some((name) => name in body),
    ),
  ];
}

interface GenerateJob {
  readonly id: string;
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
  readonly started: number;
}

/** A stream has status 200, also where the request is refused. */
async function answer(exchange: HttpExchange, engine: InferenceEngine): Promise<void> {
  const body = parseObject(exchange.body);
  if (body === undefined) throw badRequest('the body is no JSON object');
  const fields = new BodyFields(body, wrongField);
  const stream = fields.boolean('stream') ?? false;
  try {
    const job = readJob(fields, engine);
    const logprobs = fields.boolean('return_logprob') === true ? readLogprobs(fields, job.prompt) : undefined;
    if (!stream) return await sendWhole(exchange, job, logprobs);
    if (logprobs !== undefined) throw badRequest('return_logprob is not supported in a stream');
    return await sendStream(exchange, job);
  } catch (error) {
    const refusal = error instanceof PromptRefused ? badRequest(error.message) : error;
    if (!stream || !(refusal instanceof HttpError)) throw refusal;
    exchange.stream().end(endWith(refusal.body as object));
  }
}

function readJob(fields: BodyFields, engine: InferenceEngine): GenerateJob {
  const text = fields.string('text');
  if (text === undefined) throw badRequest('this service takes a request with one text only');
  for (const name of ['image_data', 'video_data', 'audio_data', 'lora_path', 'input_embeds']) {
    if (fields.has(name)) throw badRequest(`${name} is not supported`);
  }
  const params = fields.within('sampling_params');
  for (const name of ['json_schema', 'regex', 'ebnf', 'structural_tag']) {
    if (params.has(name)) throw badRequest(`${name} is not supported`);
  }
  if ((params.integer('n') ?? 1) !== 1) throw badRequest('this service gives one answer a request');
  const prompt = readRoom(engine, text);
  const sampling = fillSampling(engine, prompt, readSampling(params));
  return { id: newId(''), prompt, sampling, started: performance.now() };
}

function readRoom(engine: InferenceEngine, text: string): ReadPrompt {
  const { contextLength } = engine;
  const prompt = engine.read({ kind: 'text', text });
  if (prompt.tokens < contextLength) return prompt;
  const input = `The input (${prompt.tokens} tokens)`;
  throw badRequest(`${input} is longer than the model's context length (${contextLength} tokens).`);
}

function readSampling(params: BodyFields) {
  const maxTokens = params.integer('max_new_tokens') ?? DEFAULT_MAX_TOKENS;
  if (maxTokens < 1) throw badRequest(`max_new_tokens must be at least 1, got ${maxTokens}.`);
  return {
    maxTokens,
    minTokens: params.integer('min_new_tokens'),
    stop: params.texts('stop'),
    keepStop: params.boolean('no_stop_trim'),
    ignoreEos: params.boolean('ignore_eos'),
    temperature: params.number('temperature'),
    topP: params.number('top_p'),
    topK: Math.max(0, params.integer('top_k') ?? -1),
    seed: params.integer('sampling_seed'),
  };
}

/** Counts are those so far. Engines report neither token ids of a reply nor cached tokens: an empty list, and 0. */
function makeMeta({ id, prompt, started }: GenerateJob, generated: number, finish?: Finish): object {
  return {
    id,
    finish_reason: finish ? finishReason(finish, generated) : null,
    prompt_tokens: prompt.tokens,
    weight_version: 'default',
    total_retractions: 0,
    completion_tokens: generated,
    cached_tokens: 0,
    e2e_latency: (performance.now() - started) / 1000,
  };
}

/** What matched is a stop string, or the id of the token that ends a text, which engines do not report: 0. */
function finishReason({ reason, stop }: Finish, generated: number): object {
  return reason === 'length' ? { type: 'length', length: generated } : { type: 'stop', matched: stop ?? 0 };
}

type Logprobs = (reply: string, signal: AbortSignal) => Promise<object>;

/** Returns a function that scores the prompt from `logprob_start_len` on, and the reply. */
function readLogprobs(fields: BodyFields, prompt: ReadPrompt): Logprobs {
  const { score } = prompt;
  if (score === undefined) throw badRequest('this model gives no probabilities');
  if ((fields.integer('top_logprobs_num') ?? 0) > 0) throw badRequest('top_logprobs_num is not supported');
  const asked = fields.integer('logprob_start_len') ?? -1;
  const from = asked < 0 ? prompt.tokens : asked;
  const withText = fields.boolean('return_text_in_logprobs') === true;
  return async (reply, signal) => {
    const scored = await score.call(prompt, reply, 0, signal);
    const rows = scored.map(({ id, text, score: found }) => [
      found?.logprob ?? null,
      id,
      withText ? text : null,
    ]);
    return {
      input_token_logprobs: rows.slice(from, prompt.tokens),
      output_token_logprobs: rows.slice(prompt.tokens),
    };
  };
}

async function sendWhole(exchange: HttpExchange, job: GenerateJob, logprobs?: Logprobs): Promise<void> {
  const reply = await collect(job.prompt.generate, job.sampling, exchange.signal);
  if (reply === undefined) return;
  const { text, tokens, finish } = reply;
  const scored = await logprobs?.(text, exchange.signal);
  exchange.reply(200, { text, output_ids: [], meta_info: { ...makeMeta(job, tokens, finish), ...scored } });
}

/** Each event has all of the text so far. */
async function sendStream(exchange: HttpExchange, job: GenerateJob): Promise<void> {
  const writer = exchange.stream();
  let said = '';
  let generated = 0;
  await job.prompt.generate(
    job.sampling,
    ({ text, tokens, finish }) => {
      said += text;
      generated += tokens;
      if (text === '' && finish === undefined) return;
      const event = { text: said, output_ids: [], meta_info: makeMeta(job, generated, finish) };
      if (finish === undefined) writer.write(`data: ${JSON.stringify(event)}\n\n`);
      else writer.end(endWith(event));
    },
    exchange.signal,
  );
}

function endWith(event: object): string {
  return `data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`;
}

function sglangError(status: number, message: string): HttpError {
  return new HttpError(status, { error: { message } });
}

function badRequest(message: string): HttpError {
  return sglangError(400, message);
}

const wrongField: Complain = (name, expected) => badRequest(`${name} must be of type ${expected}`);

const WORDS: ErrorWords = {
  refused: badRequest,
  broken: (message) => sglangError(500, message),
  brokenStream: (message) => endWith({ error: { message } }),
};
