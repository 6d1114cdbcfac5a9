/** `POST /v1/messages`, Anthropic's Messages API as vLLM 0.32 speaks it. */
import {
  type ChatMessage,
  collect,
  type Finish,
  type InferenceEngine,
  type ReadPrompt,
  type Sampling,
} from '../engine.ts';
import {
  type Body,
  BodyFields,
  type ErrorWords,
  fillSampling,
  HttpError,
  type HttpExchange,
  post,
  type Route,
} from '../exchange.ts';
import { newId } from './openai-reply.ts';
import {
  badRequest,
  checkMaxTokens,
  invalidBody,
  isAsked,
  readContent,
  readMessages,
  readPrompt,
  readRequest,
  readTemperature,
  readTopP,
  wrongField,
} from './openai-request.ts';

/** Serves `/v1/messages`. */
export function anthropic(engine: InferenceEngine): readonly Route[] {
  return [post('/v1/messages', WORDS, (exchange) => answer(exchange, engine).catch(inAnthropicWords))];
}

async function answer(exchange: HttpExchange, engine: InferenceEngine): Promise<void> {
  const body = readRequest(exchange.body, engine);
  if (isAsked(body['tools'])) throw badRequest('This service does not support tools here.', 'tools');
  const prompt = readPrompt(engine, { kind: 'chat', messages: readDialogue(body, engine) });
  const sampling = readSampling(body, engine, prompt);
  const job = { id: newId('chatcmpl-'), model: engine.model, prompt, sampling };
  if (body['stream'] === true) return sendStream(exchange, job);
  const reply = await collect(prompt.generate, sampling, exchange.signal);
  if (reply === undefined) return;
  const { text, tokens, finish } = reply;
  exchange.reply(200, {
    ...message(job, [{ type: 'text', text }]),
    stop_reason: stopReason(finish),
    ...(finish.stop !== null && { stop_sequence: finish.stop }),
    usage: { input_tokens: prompt.tokens, output_tokens: tokens },
  });
}

function readDialogue(body: Body, engine: InferenceEngine): readonly ChatMessage[] {
  const messages = readMessages(body['messages'], 'body.messages', engine);
  const system = readContent(body['system'], 'body.system', engine);
  return system === '' ? messages : [{ role: 'system', content: system }, ...messages];
}

function readSampling(body: Body, engine: InferenceEngine, prompt: ReadPrompt): Sampling {
  const fields = new BodyFields(body, wrongField);
  const maxTokens = fields.integer('max_tokens');
  if (maxTokens === undefined) throw invalidBody('missing', 'body.max_tokens', 'Field required');
  checkMaxTokens(maxTokens, 'max_tokens', engine.contextLength, prompt.tokens);
  return fillSampling(engine, prompt, {
    maxTokens,
    stop: fields.texts('stop_sequences'),
    temperature: readTemperature(fields),
    topP: readTopP(fields),
    topK: Math.max(0, fields.integer('top_k') ?? 0),
    // Not Anthropic's; vLLM takes it.
    ignoreEos: fields.boolean('ignore_eos'),
  });
}

interface MessageJob {
  readonly id: string;
  readonly model: string;
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
}

function message({ id, model }: MessageJob, content: readonly object[]): object {
  return { id, type: 'message', role: 'assistant', content, model };
}

async function sendStream(exchange: HttpExchange, job: MessageJob): Promise<void> {
  const { prompt, sampling } = job;
  const input = { input_tokens: prompt.tokens };
  const writer = exchange.stream();
  const start = {
    ...message(job, []),
    stop_reason: null,
    stop_sequence: null,
    usage: { ...input, output_tokens: 0 },
  };
  let opening =
    event('message_start', { message: start }) +
    event('content_block_start', { content_block: { type: 'text', text: '' }, index: 0 });
  let generated = 0;
  await prompt.generate(
    sampling,
    ({ text, tokens, finish }) => {
      generated += tokens;
      if (text === '' && finish === undefined) return;
      const said = opening + (text === '' ? '' : textDelta(text));
      opening = '';
      if (finish === undefined) return writer.write(said);
      const delta = { stop_reason: stopReason(finish), stop_sequence: finish.stop };
      const usage = { ...input, output_tokens: generated };
      writer.end(
        said +
          event('content_block_stop', { index: 0 }) +
          event('message_delta', { delta, usage }) +
          event('message_stop', {}),
      );
    },
    exchange.signal,
  );
}

function textDelta(text: string): string {
  return `event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"type":"text_delta","text":${JSON.stringify(text)}},"index":0}\n\n`;
}

function event(type: string, rest: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...rest })}\n\n`;
}

function stopReason({ reason, stop }: Finish): 'max_tokens' | 'end_turn' | 'stop_sequence' {
  if (reason === 'length') return 'max_tokens';
  return stop === null ? 'end_turn' : 'stop_sequence';
}

/** vLLM checks a body's form before it knows the protocol, and says that in OpenAI's way; all else in Anthropic's. */
function inAnthropicWords(error: unknown): never {
  if (!(error instanceof HttpError)) throw error;
  const { type, message: words } = (error.body as { error: { type: string; message: string } }).error;
  throw type === 'Bad Request' ? error : anthropicError(error.status, type, words);
}

function anthropicError(status: number, type: string, words: string): HttpError {
  return new HttpError(status, { type: 'error', error: { type, message: words } });
}

const WORDS: ErrorWords = {
  refused: (words) => anthropicError(400, 'BadRequestError', words),
  broken: (words) => anthropicError(500, 'InternalServerError', words),
  brokenStream: (words) => event('error', { error: { type: 'internal_error', message: words } }),
};
