/** `generate`, `generate_stream`, `/` and `info` of Hugging Face's TGI, as TGI 3.3 speaks them. */
import type { Finish, InferenceEngine, ReadPrompt, ReplyPiece, Sampling } from '../engine.ts';
import {
  type Body,
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
import REPLIES from './replies.json' with { type: 'json' };

/** Serves TGI's paths. */
export function tgi(engine: InferenceEngine): readonly Route[] {
  const whole = async (exchange: HttpExchange, body: Body, asList: boolean) =>
    sendTgiWhole(exchange, readTgiRequest(body, engine, asList), asList);
  const stream = async (exchange: HttpExchange, body: Body) => {
    try {
      await sendTgiStream(exchange, readTgiRequest(body, engine, false, true));
    } catch (error) {
      throw asStreamError(error);
    }
  };
  return [
    post(
      '/generate',
      TGI_WORDS,
      (exchange) => whole(exchange, readBody(exchange), false),
      (body) => 'inputs' in body,
    ),
    post('/generate_stream', TGI_STREAM_WORDS, (exchange) => stream(exchange, readBody(exchange))),
    post('/', TGI_WORDS, (exchange) => {
      const body = readBody(exchange);
      return body['stream'] === true ? stream(exchange, body) : whole(exchange, body, true);
    }),
    get('/', TGI_WORDS, (exchange) => exchange.reply(200, '')),
    get('/info', TGI_WORDS, (exchange) => exchange.reply(200, serverInfo(engine))),
  ];
}

function readBody(exchange: HttpExchange): Body {
  const body = parseObject(exchange.body);
  if (body === undefined) throw undeserializable('');
  return body;
}

function serverInfo({ model, contextLength }: InferenceEngine): object {
  const limits = { max_input_tokens: contextLength - 1, max_total_tokens: contextLength };
  return { ...REPLIES.tgiInfo, model_id: model, ...limits };
}

const MOST_STOPS = REPLIES.tgiInfo.max_stop_sequences;

/** TGI's default since 3.0. */
const DEFAULT_MAX_TOKENS = 1024;

interface TgiRequest {
  readonly text: string;
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
  readonly details: boolean;
  /** Whether the reply includes the prompt's own tokens with their probabilities. */
  readonly inputDetails: boolean;
  /** Whether the answer begins with the prompt. */
  readonly fullText: boolean;
}

/** `fullTextByDefault`: as `POST /` has it. Throws HttpError 422, PromptRefused for a prompt that is too long. */
function readTgiRequest(
  body: Body,
  engine: InferenceEngine,
  fullTextByDefault: boolean,
  stream = false,
): TgiRequest {
  const top = new BodyFields(body, tgiWrongField);
  const parameters = top.within('parameters');
  const text = top.string('inputs');
  if (text === undefined) throw undeserializable('missing field `inputs`');
  if (text === '') throw invalidRequest('`inputs` cannot be empty');
  refuseUnsupported(parameters);
  const prompt = readText(engine, text);
  const inputDetails = parameters.boolean('decoder_input_details') ?? false;
  if (inputDetails && stream) {
    throw invalidRequest('`decoder_input_details` == true is not supported when streaming tokens');
  }
  if (inputDetails && prompt.score === undefined)
    throw invalidRequest('`decoder_input_details` is not supported');
  return {
    text,
    prompt,
    sampling: fillSampling(engine, prompt, readSampling(parameters)),
    details: parameters.boolean('details') ?? false,
    inputDetails,
    fullText: parameters.boolean('return_full_text') ?? fullTextByDefault,
  };
}

function readSampling(parameters: BodyFields) {
  const temperature = parameters.number('temperature');
  const topP = parameters.number('top_p');
  const topK = parameters.integer('top_k');
  const maxTokens = parameters.integer('max_new_tokens') ?? DEFAULT_MAX_TOKENS;
  const stop = parameters.texts('stop');
  if (maxTokens < 1) throw invalidRequest('`max_new_tokens` must be strictly positive');
  if (temperature !== undefined && temperature <= 0)
    throw invalidRequest('`temperature` must be strictly positive');
  if (topP !== undefined && (topP <= 0 || topP >= 1)) throw invalidRequest('`top_p` must be > 0.0 and < 1.0');
  if (topK !== undefined && topK <= 0) throw invalidRequest('`top_k` must be strictly positive');
  if (stop.length > MOST_STOPS) {
    throw invalidRequest(`\`stop\` supports up to ${MOST_STOPS} stop sequences. Given: ${stop.length}`);
  }
  const sampled = parameters.boolean('do_sample') ?? [temperature, topP, topK].some((it) => it !== undefined);
  return {
    maxTokens,
    stop,
    // TGI leaves the stop sequence in the text.
    keepStop: true,
    temperature: sampled ? (temperature ?? 1) : 0,
    topP,
    topK,
    seed: parameters.integer('seed'),
  };
}

/** Refuses fields that would change the reply's meaning if they were ignored. */
function refuseUnsupported(parameters: BodyFields): void {
  const bestOf = parameters.integer('best_of') ?? 1;
  if (bestOf !== 1) throw invalidRequest('`best_of` != 1 is not supported');
  if ((parameters.integer('top_n_tokens') ?? 0) !== 0)
    throw invalidRequest('`top_n_tokens` is not supported');
  if (parameters.has('grammar')) throw invalidRequest('`grammar` is not supported');
}

/** Sends a whole reply. Engines report neither the ids nor the probabilities of generated tokens: 0 and null. */
async function sendTgiWhole(exchange: HttpExchange, request: TgiRequest, asList: boolean): Promise<void> {
  const { text, prompt, sampling, fullText } = request;
  const started = performance.now();
  const pieces: ReplyPiece[] = [];
  await prompt.generate(sampling, (piece) => pieces.push(piece), exchange.signal);
  const finish = pieces.at(-1)?.finish;
  if (finish === undefined) return;
  const generated = pieces.map((piece) => piece.text).join('');
  const details = request.details && (await readDetails(request, pieces, finish, exchange.signal));
  const reply = { generated_text: fullText ? text + generated : generated, ...(details && { details }) };
  const milliseconds = Math.round(performance.now() - started);
  exchange.reply(200, asList ? [reply] : reply, {
    'x-compute-characters': String(text.length),
    'x-total-time': String(milliseconds),
    'x-prompt-tokens': String(prompt.tokens),
    'x-generated-tokens': String(countTokens(pieces)),
  });
}

async function readDetails(
  { prompt, sampling, inputDetails }: TgiRequest,
  pieces: readonly ReplyPiece[],
  finish: Finish,
  signal: AbortSignal,
): Promise<object> {
  const scored = inputDetails ? await prompt.score?.('', 0, signal) : undefined;
  return {
    finish_reason: tgiFinishReason(finish),
    generated_tokens: countTokens(pieces),
    seed: sampling.seed ?? null,
    prefill: (scored ?? []).map(({ id, text, score }) => ({ id, text, logprob: score?.logprob ?? null })),
    tokens: pieces.filter(({ tokens }) => tokens > 0).map(({ text }) => tgiToken(text, false)),
  };
}

async function sendTgiStream(exchange: HttpExchange, request: TgiRequest): Promise<void> {
  const { text: promptText, prompt, sampling, details, fullText } = request;
  const writer = exchange.stream({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const texts = fullText ? [promptText] : [];
  let index = 0;
  let generated = 0;
  await prompt.generate(
    sampling,
    ({ text, tokens, finish }) => {
      texts.push(text);
      index++;
      generated += tokens;
      // An end of text has no letters: TGI shows its mark as a special token.
      const isEnd = text === '' && finish !== undefined && tgiFinishReason(finish) === 'eos_token';
      const shown = isEnd
        ? END_TOKEN
        : `{"id":0,"text":${JSON.stringify(text)},"logprob":null,"special":false}`;
      const event = `data: {"index":${index},"token":${shown},"generated_text":`;
      if (finish === undefined) return writer.write(`${event}null,"details":null}\n\n`);
      const counts = {
        finish_reason: tgiFinishReason(finish),
        generated_tokens: generated,
        seed: sampling.seed ?? null,
        input_length: prompt.tokens,
      };
      const end = `${JSON.stringify(texts.join(''))},"details":${details ? JSON.stringify(counts) : 'null'}}`;
      writer.end(`${event}${end}\n\n`);
    },
    exchange.signal,
  );
}

function tgiToken(text: string, special: boolean): object {
  return { id: 0, text, logprob: null, special };
}

const END_TOKEN = JSON.stringify(tgiToken('</s>', true));

function countTokens(pieces: readonly ReplyPiece[]): number {
  return pieces.reduce((sum, { tokens }) => sum + tokens, 0);
}

/** Returns the finish reason in TGI's words. */
export function tgiFinishReason({ reason, stop }: Finish): 'length' | 'stop_sequence' | 'eos_token' {
  if (reason === 'length') return 'length';
  return stop === null ? 'eos_token' : 'stop_sequence';
}

/** A request that is understood and refused. */
export function invalidRequest(message: string): HttpError {
  return new HttpError(422, validationError(message));
}

/** A body that is no JSON is a 400, one of the wrong form a 422; both in plain text. */
export function undeserializable(message: string): HttpError {
  const isJson = message !== '';
  const text = isJson
    ? `Failed to deserialize the JSON body into the target type: ${message}`
    : 'Failed to parse the request body as JSON';
  return new HttpError(isJson ? 422 : 400, text);
}

/** Makes the reply for a field of the wrong type. */
export const tgiWrongField: Complain = (name, expected, value) =>
  undeserializable(`${name}: invalid type: ${JSON.stringify(value)}, expected ${expected}`);

/** TGI's error replies. */
export const TGI_WORDS: ErrorWords = {
  refused: invalidRequest,
  broken: (message) => new HttpError(424, generationError(message)),
  brokenStream: (message) => errorEvent(generationError(message)),
};

/** On a stream's path even a refusal is a stream: status 200, and one event. */
const TGI_STREAM_WORDS: ErrorWords = {
  ...TGI_WORDS,
  refused: (message) => streamError(validationError(message)),
  broken: (message) => streamError(generationError(message)),
};

/** The refusal of a whole reply, as the stream's path has it. */
function asStreamError(error: unknown): unknown {
  const isRefusal = error instanceof HttpError && error.status === 422 && typeof error.body === 'object';
  return isRefusal ? streamError(error.body as object) : error;
}

function streamError(body: object): HttpError {
  return new HttpError(200, errorEvent(body), { 'content-type': 'text/event-stream' });
}

function validationError(message: string): object {
  return { error: `Input validation error: ${message}`, error_type: 'validation' };
}

function generationError(message: string): object {
  return { error: `Request failed during generation: ${message}`, error_type: 'generation' };
}

function errorEvent(body: object): string {
  return `data: ${JSON.stringify(body)}\n\n`;
}
