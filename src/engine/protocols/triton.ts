/** Triton's v2 protocol with its generate extension, as Triton 2.51 serves a decoupled text model. */
import { collect, type InferenceEngine, PromptRefused, type ReadPrompt, type Sampling } from '../engine.ts';
import {
  BodyFields,
  type Complain,
  type ErrorWords,
  fillSampling,
  get,
  HttpError,
  type HttpExchange,
  parseObject,
  post,
  type Route,
  readText,
} from '../exchange.ts';

/** Tokens of a reply when the request names no limit. */
const DEFAULT_MAX_TOKENS = 16;

/** Serves Triton's v2 protocol. */
export function triton(engine: InferenceEngine): readonly Route[] {
  const generate = (path: string, send: (exchange: HttpExchange, job: TritonJob) => Promise<void>) =>
    post(path, WORDS, (exchange) => send(exchange, readJob(exchange, engine)));
  const model = '/v2/models/{model}';
  return [
    get('/v2', WORDS, (exchange) => exchange.reply(200, SERVER)),
    get('/v2/health/live', WORDS, (exchange) => exchange.reply(200, '')),
    get('/v2/health/ready', WORDS, (exchange) => exchange.reply(200, '')),
    get(model, WORDS, (exchange) => exchange.reply(200, metadata(readModelName(exchange, engine)))),
    get(`${model}/ready`, WORDS, (exchange) => {
      const isOurs = exchange.params['model'] === engine.model;
      exchange.reply(isOurs ? 200 : 400, isOurs ? '' : { error: 'Model version not ready' });
    }),
    ...[model, `${model}/versions/1`].flatMap((path) => [
      generate(`${path}/generate`, sendWhole),
      generate(`${path}/generate_stream`, sendStream),
    ]),
  ];
}

interface TritonJob {
  /** The keys that every answer begins with. */
  readonly head: object;
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
  /** The request's `stream`; undefined when it leaves that open. */
  readonly stream: boolean | undefined;
}

/** Reads sampling fields beside `text_input` (stock backends) or in `parameters` (MindIE's form, which AISBench sends). */
function readJob(exchange: HttpExchange, engine: InferenceEngine): TritonJob {
  const model = readModelName(exchange, engine);
  const body = parseObject(exchange.body);
  if (body === undefined) throw tritonError(500, 'failed to parse the request JSON buffer: Invalid value.');
  const top = new BodyFields(body, wrongField);
  const inner = top.within('parameters');
  const text = top.string('text_input');
  if (text === undefined) throw new PromptRefused("the request has no input 'text_input'");
  const prompt = readText(engine, text);
  const number = (name: string) => top.number(name) ?? inner.number(name);
  const integer = (name: string) => top.integer(name) ?? inner.integer(name);
  const boolean = (name: string) => top.boolean(name) ?? inner.boolean(name);
  const maxTokens = integer('max_tokens') ?? integer('max_new_tokens') ?? DEFAULT_MAX_TOKENS;
  if (maxTokens < 1) throw new PromptRefused(`max_tokens must be at least 1, got ${maxTokens}`);
  const sampling = fillSampling(engine, prompt, {
    maxTokens,
    minTokens: integer('min_tokens'),
    stop: [...top.texts('stop'), ...inner.texts('stop')],
    ignoreEos: boolean('ignore_eos'),
    temperature: number('temperature'),
    topP: number('top_p'),
    topK: integer('top_k'),
    seed: integer('seed'),
  });
  const id = top.string('id');
  const head = { ...(id !== undefined && { id }), model_name: model, model_version: '1' };
  return { head, prompt, sampling, stream: boolean('stream') };
}

async function sendWhole(
  exchange: HttpExchange,
  { head, prompt, sampling, stream }: TritonJob,
): Promise<void> {
  const reply = await collect(prompt.generate, sampling, exchange.signal);
  if (reply === undefined) return;
  // Triton refuses `generate` for a model that answers in several parts, with status 200.
  if (stream === true) exchange.reply(200, { error: SEVERAL_RESPONSES });
  else exchange.reply(200, { ...head, text_output: reply.text });
}

const SEVERAL_RESPONSES =
  'generate expects model to produce exactly 1 response, use generate stream for model that generates various number of responses';

/** Unless a stream is declined: then the whole text is one event. */
async function sendStream(
  exchange: HttpExchange,
  { head, prompt, sampling, stream }: TritonJob,
): Promise<void> {
  const before = `data: ${JSON.stringify(head).slice(0, -1)},"text_output":`;
  const writer = exchange.stream();
  let held = '';
  await prompt.generate(
    sampling,
    ({ text, finish }) => {
      held += text;
      if (finish === undefined && (held === '' || stream === false)) return;
      const event = held === '' ? '' : `${before}${JSON.stringify(held)}}\n\n`;
      held = '';
      if (finish === undefined) writer.write(event);
      else writer.end(event);
    },
    exchange.signal,
  );
}

function readModelName({ params }: HttpExchange, { model }: InferenceEngine): string {
  if (params['model'] === model) return model;
  throw tritonError(404, `Request for unknown model: '${params['model']}' is not found`);
}

function tritonError(status: number, message: string): HttpError {
  return new HttpError(status, { error: message });
}

const wrongField: Complain = (name, expected) =>
  tritonError(500, `Unable to parse '${name}': attempt to access JSON non-${expected} as ${expected}`);

/** What a model raises is a 400, in a stream an event. */
const WORDS: ErrorWords = {
  refused: (message) => tritonError(400, message),
  broken: (message) => tritonError(400, message),
  brokenStream: (message) => `data: ${JSON.stringify({ error: message })}\n\n`,
};

const SERVER = { name: 'ais_bench', version: '2', extensions: ['parameters', 'generate'] };

function metadata(name: string): object {
  const tensor = (key: string, datatype: string) => ({ name: key, datatype, shape: [1] });
  const inputs = [
    tensor('text_input', 'BYTES'),
    tensor('max_tokens', 'INT32'),
    tensor('stream', 'BOOL'),
    tensor('temperature', 'FP32'),
  ];
  return { name, versions: ['1'], platform: 'ais_bench', inputs, outputs: [tensor('text_output', 'BYTES')] };
}
