/** `generate` of old vLLM, MindIE and VITA (sampling at top level, `text` as a list of one), and MindIE's `infer`. */

import { collect, type Finish, type InferenceEngine, type ReadPrompt, type Sampling } from '../engine.ts';
import {
  type Body,
  BodyFields,
  type Complain,
  type ErrorWords,
  fillSampling,
  HttpError,
  type HttpExchange,
  joinTextParts,
  parseObject,
  post,
  type Route,
  readText,
} from '../exchange.ts';
import { invalidRequest, TGI_WORDS, tgiFinishReason, tgiWrongField, undeserializable } from './tgi.ts';

/** vLLM's default. */
const DEFAULT_MAX_TOKENS = 16;

interface GenerateRequest {
  readonly text: string;
  /** Text before the answer. */
  readonly shown: string;
  /** Whether each event has all of the text so far, or what is new. */
  readonly cumulative: boolean;
}

function readGenerateBody(exchange: HttpExchange): Body {
  const body = parseObject(exchange.body);
  if (body === undefined) throw refuseGenerate('the body is no JSON object');
  return body;
}

async function answerGenerate(
  exchange: HttpExchange,
  body: Body,
  engine: InferenceEngine,
  asked: GenerateRequest,
): Promise<void> {
  const prompt = readText(engine, asked.text);
  const sampling = readSampling(new BodyFields(body, wrongField), engine, prompt);
  if (body['stream'] === true) return sendStream(exchange, prompt, sampling, asked);
  const reply = await collect(prompt.generate, sampling, exchange.signal);
  if (reply !== undefined) exchange.reply(200, { text: [asked.shown + reply.text] });
}

function readSampling(fields: BodyFields, engine: InferenceEngine, prompt: ReadPrompt): Sampling {
  const maxTokens = fields.integer('max_tokens') ?? DEFAULT_MAX_TOKENS;
  if (maxTokens < 1) throw refuseGenerate(`max_tokens must be at least 1, got ${maxTokens}.`);
  return fillSampling(engine, prompt, {
    maxTokens,
    stop: fields.texts('stop'),
    keepStop: fields.boolean('include_stop_str_in_output'),
    ignoreEos: fields.boolean('ignore_eos'),
    temperature: fields.number('temperature'),
    topP: fields.number('top_p'),
    topK: Math.max(0, fields.integer('top_k') ?? 0),
    seed: fields.integer('seed'),
  });
}

async function sendStream(
  exchange: HttpExchange,
  prompt: ReadPrompt,
  sampling: Sampling,
  { shown, cumulative }: GenerateRequest,
): Promise<void> {
  const writer = exchange.stream();
  let sent = shown;
  await prompt.generate(
    sampling,
    ({ text, finish }) => {
      if (text === '' && finish === undefined) return;
      sent = cumulative ? sent + text : text;
      const event = `data: {"text":[${JSON.stringify(sent)}]}\n\n`;
      if (finish === undefined) writer.write(event);
      else writer.end(event);
    },
    exchange.signal,
  );
}

function refuseGenerate(message: string): HttpError {
  return new HttpError(400, { detail: message });
}

const wrongField: Complain = (name, expected) => refuseGenerate(`${name} must be of type ${expected}`);

const GENERATE_WORDS: ErrorWords = {
  refused: refuseGenerate,
  broken: (message) => new HttpError(500, { detail: message }),
  brokenStream: (message) => `data: ${JSON.stringify({ error: message })}\n\n`,
};

/** Serves old vLLM's `generate` (0.2; gone today), after its description: answers repeat the prompt and all text so far. */
export function vllmGenerate(engine: InferenceEngine): readonly Route[] {
  const handle = (exchange: HttpExchange) => {
    const body = readGenerateBody(exchange);
    const { prompt } = body;
    if (typeof prompt !== 'string') throw refuseGenerate('the request has no prompt');
    return answerGenerate(exchange, body, engine, { text: prompt, shown: prompt, cumulative: true });
  };
  return [post('/generate', GENERATE_WORDS, handle, (body) => typeof body['prompt'] === 'string')];
}

/** Serves MindIE's `generate` in vLLM's style, after AISBench's description: answers omit the prompt, events hold only new text. */
export function mindieGenerate(engine: InferenceEngine): readonly Route[] {
  return [makeGenerateRoute(engine, (body) => 'prompt' in body)];
}

/** Serves VITA's `generate`: a prompt that is a list of parts distinguishes its requests from old vLLM's. */
export function vitaGenerate(engine: InferenceEngine): readonly Route[] {
  return [makeGenerateRoute(engine, (body) => Array.isArray(body['prompt']))];
}

function makeGenerateRoute(engine: InferenceEngine, accepts: (body: Body) => boolean): Route {
  const handle = (exchange: HttpExchange) => {
    const body = readGenerateBody(exchange);
    const { prompt } = body;
    const text = typeof prompt === 'string' ? prompt : joinTextParts(prompt);
    if (text === undefined) throw refuseGenerate('the prompt must be a text, or a list of text parts');
    return answerGenerate(exchange, body, engine, { text, shown: '', cumulative: false });
  };
  return post('/generate', GENERATE_WORDS, handle, accepts);
}

const DEFAULT_INFER_TOKENS = 20;

/** Serves MindIE's own `infer`, after its description; not tested against a live server. */
export function mindieInfer(engine: InferenceEngine): readonly Route[] {
  return [
    post('/infer', TGI_WORDS, async (exchange) => {
      const body = parseObject(exchange.body);
      if (body === undefined) throw undeserializable('');
      const prompt = readText(engine, readInputs(body));
      const parameters = new BodyFields(body, tgiWrongField).within('parameters');
      const sampling = readInferSampling(parameters, engine, prompt);
      if (body['stream'] === true) return sendInferStream(exchange, prompt, sampling);
      const reply = await collect(prompt.generate, sampling, exchange.signal);
      if (reply === undefined) return;
      const { text, tokens, finish } = reply;
      exchange.reply(200, { generated_text: text, details: makeDetails(finish, tokens, sampling) });
    }),
  ];
}

function readInputs({ inputs }: Body): string {
  if (inputs === undefined) throw undeserializable('missing field `inputs`');
  if (inputs === '') throw invalidRequest('`inputs` cannot be empty');
  const text = typeof inputs === 'string' ? inputs : joinTextParts(inputs);
  if (text !== undefined) return text;
  throw invalidRequest('`inputs` must be a text, or a list of text parts');
}

function readInferSampling(parameters: BodyFields, engine: InferenceEngine, prompt: ReadPrompt): Sampling {
  const maxTokens = parameters.integer('max_new_tokens') ?? DEFAULT_INFER_TOKENS;
  if (maxTokens < 1) throw invalidRequest('`max_new_tokens` must be strictly positive');
  const temperature = parameters.number('temperature');
  const sampled = parameters.boolean('do_sample') ?? temperature !== undefined;
  return fillSampling(engine, prompt, {
    maxTokens,
    stop: parameters.texts('stop'),
    ignoreEos: parameters.boolean('ignore_eos'),
    temperature: sampled ? (temperature ?? 1) : 0,
    topP: parameters.number('top_p'),
    topK: parameters.integer('top_k'),
    seed: parameters.integer('seed'),
  });
}

/** The last event has the whole text and the details: known from AISBench's parser, not from a server. */
async function sendInferStream(
  exchange: HttpExchange,
  prompt: ReadPrompt,
  sampling: Sampling,
): Promise<void> {
  const writer = exchange.stream();
  const texts: string[] = [];
  let generated = 0;
  let before = performance.now();
  await prompt.generate(
    sampling,
    ({ text, tokens, finish }) => {
      const now = performance.now();
      const time = (now - before).toFixed(2);
      before = now;
      const times = generated === 0 ? `${time},"decode_time":null` : `null,"decode_time":${time}`;
      texts.push(text);
      generated += tokens;
      const event = `data: {"prefill_time":${times},"token":{"id":0,"text":${JSON.stringify(text)}}`;
      if (finish === undefined) return writer.write(`${event}}\n\n`);
      const details = JSON.stringify(makeDetails(finish, generated, sampling));
      writer.end(`${event},"generated_text":${JSON.stringify(texts.join(''))},"details":${details}}\n\n`);
    },
    exchange.signal,
  );
}

function makeDetails(finish: Finish, tokens: number, { seed }: Sampling): object {
  return { finish_reason: tgiFinishReason(finish), generated_tokens: tokens, seed: seed ?? null };
}
