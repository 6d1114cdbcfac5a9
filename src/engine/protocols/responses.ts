/** `POST /v1/responses`, OpenAI's Responses API as vLLM 0.32 speaks it. */
import {
  type ChatMessage,
  collect,
  type InferenceEngine,
  type ReadPrompt,
  type ReplyPiece,
  type Sampling,
  type WholeReply,
} from '../engine.ts';
import { type Body, BodyFields, fillSampling, type HttpExchange, post, type Route } from '../exchange.ts';
import { epochSeconds, newId } from './openai-reply.ts';
import {
  badRequest,
  checkMaxTokens,
  invalidBody,
  isAsked,
  OPENAI_WORDS,
  readMessages,
  readPrompt,
  readRequest,
  readTemperature,
  readTopP,
  wrongField,
} from './openai-request.ts';
import REPLIES from './replies.json' with { type: 'json' };

/** Serves `/v1/responses`. */
export function responses(engine: InferenceEngine): readonly Route[] {
  return [
    post('/v1/responses', OPENAI_WORDS, async (exchange) => {
      const body = readRequest(exchange.body, engine);
      refuseUnsupported(body);
      const prompt = readPrompt(engine, { kind: 'chat', messages: readInput(body, engine) });
      const job = startedResponse(body, engine, prompt, readSampling(body, engine, prompt));
      if (body['stream'] === true) return sendStream(exchange, job);
      const reply = await collect(prompt.generate, job.sampling, exchange.signal);
      if (reply !== undefined) exchange.reply(200, endedResponse(job, reply));
    }),
  ];
}

/** Refuses fields that would change the reply's meaning if they were ignored. */
function refuseUnsupported(body: Body): void {
  for (const name of ['tools', 'previous_response_id', 'background', 'text']) {
    if (isAsked(body[name])) throw badRequest(`This service does not support ${name} here.`, name);
  }
}

function readInput(body: Body, engine: InferenceEngine): readonly ChatMessage[] {
  const { input } = body;
  const instructions = new BodyFields(body, wrongField).string('instructions');
  if (input === undefined) throw invalidBody('missing', 'body.input', 'Field required');
  const messages: readonly ChatMessage[] =
    typeof input === 'string'
      ? [{ role: 'user', content: input }]
      : readMessages(input, 'body.input', engine);
  return instructions === undefined ? messages : [{ role: 'system', content: instructions }, ...messages];
}

function readSampling(body: Body, engine: InferenceEngine, prompt: ReadPrompt) {
  const fields = new BodyFields(body, wrongField);
  const asked = fields.integer('max_output_tokens');
  if (asked !== undefined) checkMaxTokens(asked, 'max_tokens', engine.contextLength, prompt.tokens);
  return fillSampling(engine, prompt, {
    maxTokens: asked ?? engine.contextLength,
    temperature: readTemperature(fields),
    topP: readTopP(fields),
    topK: Math.max(0, fields.integer('top_k') ?? 0),
    // Not OpenAI's; vLLM takes them.
    ignoreEos: fields.boolean('ignore_eos'),
    stop: fields.texts('stop'),
    seed: fields.integer('seed'),
  });
}

async function sendStream(exchange: HttpExchange, job: ResponseJob): Promise<void> {
  const writer = exchange.stream();
  const events = new ResponseEvents(job);
  await job.prompt.generate(
    job.sampling,
    (piece) => {
      const text = events.piece(piece);
      if (piece.finish !== undefined) writer.end(text);
      else if (text !== '') writer.write(text);
    },
    exchange.signal,
  );
}

interface ResponseJob {
  readonly id: string;
  readonly itemId: string;
  readonly created: number;
  readonly engine: InferenceEngine;
  readonly body: Body;
  readonly prompt: ReadPrompt;
  readonly sampling: Sampling;
}

function startedResponse(
  body: Body,
  engine: InferenceEngine,
  prompt: ReadPrompt,
  sampling: Sampling,
): ResponseJob {
  const ids = { id: newId('resp_'), itemId: newId('msg_'), created: epochSeconds() };
  return { ...ids, engine, body, prompt, sampling };
}

function endedResponse(job: ResponseJob, { text, tokens, finish }: WholeReply): object {
  const isCut = finish.reason === 'length';
  return responseObject(job, {
    status: isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    output: [messageItem(job, 'completed', [textPart(text, null)])],
    usage: responseUsage(job.prompt.tokens, tokens),
  });
}

interface ResponseState {
  readonly status: string;
  readonly incomplete_details: object | null;
  readonly output: readonly object[];
  readonly usage: object | null;
}

function responseObject({ id, created, engine, body, sampling }: ResponseJob, state: ResponseState): object {
  return {
    ...REPLIES.response,
    ...state,
    id,
    created_at: created,
    instructions: body['instructions'] ?? null,
    metadata: body['metadata'] ?? null,
    model: engine.model,
    temperature: sampling.temperature,
    top_p: sampling.topP,
    max_output_tokens: sampling.maxTokens,
  };
}

function responseUsage(input: number, output: number): object {
  const counts = { input_tokens: input, output_tokens: output, total_tokens: input + output };
  return { ...REPLIES.responseUsage, ...counts };
}

function messageItem({ itemId }: ResponseJob, status: string, content: readonly object[]): object {
  return { id: itemId, content, role: 'assistant', status, type: 'message', phase: null };
}

function textPart(text: string, logprobs: null | readonly object[]): object {
  return { annotations: [], text, type: 'output_text', logprobs };
}

/** The texts of a stream's events, numbered. */
class ResponseEvents {
  readonly #job: ResponseJob;
  readonly #texts: string[] = [];
  #tokens = 0;
  #next = 0;

  constructor(job: ResponseJob) {
    this.#job = job;
  }

  /** The events of a piece; '' for one that shows nothing. */
  piece({ text, tokens, finish }: ReplyPiece): string {
    this.#tokens += tokens;
    if (text === '' && finish === undefined) return '';
    const said = (this.#next === 0 ? this.#opening() : '') + (text === '' ? '' : this.#delta(text));
    this.#texts.push(text);
    if (finish === undefined) return said;
    return said + this.#ending({ text: this.#texts.join(''), tokens: this.#tokens, finish });
  }

  #opening(): string {
    const state = { status: 'in_progress', incomplete_details: null, output: [], usage: null };
    const begun = { response: responseObject(this.#job, state) };
    return (
      this.#event('response.created', begun) +
      this.#event('response.in_progress', begun) +
      this.#event('response.output_item.added', {
        item: messageItem(this.#job, 'in_progress', []),
        output_index: 0,
      }) +
      this.#event('response.content_part.added', { ...this.#place(), part: textPart('', []) })
    );
  }

  #delta(text: string): string {
    const type = 'response.output_text.delta';
    const { itemId } = this.#job;
    return (
      `event: ${type}\ndata: {"content_index":0,"delta":${JSON.stringify(text)},"item_id":"${itemId}","logprobs":[],` +
      `"output_index":0,"sequence_number":${this.#next++},"type":"${type}"}\n\n`
    );
  }

  #ending(reply: WholeReply): string {
    const { text } = reply;
    return (
      this.#event('response.output_text.done', {
        content_index: 0,
        item_id: this.#job.itemId,
        logprobs: [],
        output_index: 0,
        sequence_number: this.#next++,
        text,
      }) +
      this.#event('response.content_part.done', { ...this.#place(), part: textPart(text, null) }) +
      this.#event('response.output_item.done', {
        item: messageItem(this.#job, 'completed', [textPart(text, null)]),
        output_index: 0,
      }) +
      // vLLM says `completed` also of a response that its own status calls incomplete.
      this.#event('response.completed', { response: endedResponse(this.#job, reply) })
    );
  }

  #place(): object {
    return { content_index: 0, item_id: this.#job.itemId, output_index: 0 };
  }

  #event(type: string, fields: object): string {
    const numbered = 'sequence_number' in fields ? fields : { ...fields, sequence_number: this.#next++ };
    const data = { ...numbered, type };
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  }
}
