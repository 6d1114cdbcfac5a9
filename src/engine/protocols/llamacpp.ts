/** `completion` of llama.cpp's server. */
import type { Finish, InferenceEngine, ReadPrompt, Sampling } from '../engine.ts';
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
import REPLIES from './replies.json' with { type: 'json' };

/** Serves `completion`. */
export function llamacpp(engine: InferenceEngine): readonly Route[] {
  return [post('/completion', WORDS, (exchange) => answer(exchange, engine))];
}

async function answer(exchange: HttpExchange, engine: InferenceEngine): Promise<void> {
  const body = parseObject(exchange.body);
  if (body === undefined) throw invalidRequest('the body is no JSON object');
  const fields = new BodyFields(body, wrongField);
  const text = fields.string('prompt');
  if (text === undefined) throw invalidRequest('"prompt" must be a text');
  refuseUnsupported(fields);
  const prompt = readPrompt(engine, text);
  const sampling = readSampling(fields, engine, prompt);
  const stream = fields.boolean('stream') ?? false;
  const job: CompletionJob = { model: engine.model, text, prompt, sampling, stream };
  const started = performance.now();
  const writer = stream ? exchange.stream() : undefined;
  const texts: string[] = [];
  let generated = 0;
  let first: number | undefined;
  await prompt.generate(
    sampling,
    ({ text: piece, tokens, finish }) => {
      first ??= performance.now();
      generated += tokens;
      texts.push(piece);
      const counts = `"tokens_predicted":${generated},"tokens_evaluated":${prompt.tokens}`;
      const event =
        writer === undefined || piece === ''
          ? ''
          : `data: {"index":0,"content":${JSON.stringify(piece)},"tokens":[],"stop":false,"id_slot":-1,${counts}}\n\n`;
      if (finish === undefined) {
        if (event !== '') writer!.write(event);
        return;
      }
      const end = makeReply(job, finish, texts.join(''), { started, first, generated });
      if (writer === undefined) exchange.reply(200, end);
      else writer.end(`${event}data: ${JSON.stringify(end)}\n\n`);
    },
    exchange.signal,
  );
}

/** Refuses fields that would change the reply's meaning if they were ignored. */
function refuseUnsupported(fields: BodyFields): void {
  if ((fields.integer('n_probs') ?? 0) > 0) throw invalidRequest('n_probs is not supported');
  for (const name of ['grammar', 'json_schema', 'lora', 'image_data']) {
    if (fields.has(name)) throw invalidRequest(`${name} is not supported`);
  }
}

function readPrompt(engine: InferenceEngine, text: string): ReadPrompt {
  const prompt = engine.read({ kind: 'text', text });
  const { contextLength } = engine;
  if (prompt.tokens < contextLength) return prompt;
  const message = `the prompt has ${prompt.tokens} tokens, more than the context of ${contextLength}`;
  throw llamaError(400, 'exceed_context_size_error', message, {
    n_prompt_tokens: prompt.tokens,
    n_ctx: contextLength,
  });
}

function readSampling(fields: BodyFields, engine: InferenceEngine, prompt: ReadPrompt): Sampling {
  const asked = fields.integer('n_predict') ?? -1;
  const seed = fields.integer('seed') ?? -1;
  return fillSampling(engine, prompt, {
    // Below 0: no limit but the context. 0 gives one token.
    maxTokens: asked < 0 ? engine.contextLength : Math.max(1, asked),
    stop: fields.texts('stop'),
    ignoreEos: fields.boolean('ignore_eos'),
    temperature: fields.number('temperature') ?? 0.8,
    topP: fields.number('top_p') ?? 0.95,
    topK: Math.max(0, fields.integer('top_k') ?? 40),
    seed: seed < 0 ? undefined : seed,
  });
}

interface CompletionJob {
  readonly model: string;
  readonly text: string;
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
  readonly stream: boolean;
}

interface LlamaTiming {
  readonly started: number;
  readonly first: number;
  readonly generated: number;
}

/** Makes a whole reply, or a stream's last event, which has no text. Engines report no token ids: an empty list. */
function makeReply(
  { model, text, prompt, sampling, stream }: CompletionJob,
  { reason, stop }: Finish,
  said: string,
  { started, first, generated }: LlamaTiming,
): object {
  const { maxTokens, temperature, topP, topK, seed, ignoreEos } = sampling;
  const stopType = reason === 'length' ? 'limit' : stop === null ? 'eos' : 'word';
  return {
    index: 0,
    content: stream ? '' : said,
    tokens: [],
    id_slot: 0,
    stop: true,
    model,
    tokens_predicted: generated,
    tokens_evaluated: prompt.tokens,
    generation_settings: {
      ...REPLIES.llamacppSettings,
      seed: seed ?? REPLIES.llamacppSettings.seed,
      temperature,
      top_k: topK,
      top_p: topP,
      stop: sampling.stop,
      max_tokens: maxTokens,
      n_predict: maxTokens,
      ignore_eos: ignoreEos,
      stream,
    },
    prompt: text,
    has_new_line: said.includes('\n'),
    truncated: false,
    stop_type: stopType,
    stopping_word: stop ?? '',
    tokens_cached: prompt.tokens + generated,
    timings: {
      cache_n: 0,
      ...speed('prompt', prompt.tokens, first - started),
      ...speed('predicted', generated, performance.now() - first),
    },
  };
}

function speed(name: string, tokens: number, milliseconds: number): object {
  return {
    [`${name}_n`]: tokens,
    [`${name}_ms`]: milliseconds,
    [`${name}_per_token_ms`]: tokens === 0 ? 0 : milliseconds / tokens,
    [`${name}_per_second`]: milliseconds === 0 ? 0 : (1000 * tokens) / milliseconds,
  };
}

function llamaError(code: number, type: string, message: string, more: object = {}): HttpError {
  return new HttpError(code, { error: { code, message, type, ...more } });
}

function invalidRequest(message: string): HttpError {
  return llamaError(400, 'invalid_request_error', message);
}

const wrongField: Complain = (name, expected, value) =>
  invalidRequest(`[json.exception.type_error.302] ${name}: type must be ${expected}, but is ${typeof value}`);

const serverError = (message: string) => llamaError(500, 'server_error', message);

const WORDS: ErrorWords = {
  refused: invalidRequest,
  broken: serverError,
  brokenStream: (message) => `data: ${JSON.stringify(serverError(message).body)}\n\n`,
};
