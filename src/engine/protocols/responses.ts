/** `POST /v1/responses`, OpenAI's Responses API as vLLM 0.32 speaks it. */
import { collect } from '../collect.ts';
import type { Exchange, Route } from '../exchange.ts';
import { type Body, Fields } from '../fields.ts';
import { samplingOf } from '../sampling.ts';
import type { ChatMessage, Engine, ReadPrompt } from '../types.ts';
import { readMessages } from './chat-messages.ts';
import { badRequest, invalidBody, OPENAI_WORDS, wrongField } from './openai-errors.ts';
import {
  checkMaxTokens,
  isAsked,
  readPrompt,
  readRequest,
  readTemperature,
  readTopP,
} from './openai-request.ts';
import { endedResponse, ResponseEvents, type ResponseJob, startedResponse } from './responses-reply.ts';

export function responses(engine: Engine): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/responses',
      words: OPENAI_WORDS,
      async handle(exchange) {
        const body = readRequest(exchange.body, engine);
        refuseUnsupported(body);
        const prompt = readPrompt(engine, { kind: 'chat', messages: readInput(body, engine) });
        const job = startedResponse(body, engine, prompt, readSampling(body, engine, prompt));
        if (body['stream'] === true) return sendStream(exchange, job);
        const reply = await collect(prompt.generate, job.sampling, exchange.signal);
        if (reply !== undefined) exchange.reply(200, endedResponse(job, reply));
      },
    },
  ];
}

// Left out in silence, each of these would give a reply that means something else than the client believes.
function refuseUnsupported(body: Body): void {
  for (const name of ['tools', 'previous_response_id', 'background', 'text']) {
    if (isAsked(body[name])) throw badRequest(`This service does not support ${name} here.`, name);
  }
}

function readInput(body: Body, engine: Engine): readonly ChatMessage[] {
  const { input } = body;
  const instructions = new Fields(body, wrongField).string('instructions');
  if (input === undefined) throw invalidBody('missing', 'body.input', 'Field required');
  const messages: readonly ChatMessage[] =
    typeof input === 'string'
      ? [{ role: 'user', content: input }]
      : readMessages(input, 'body.input', engine);
  return instructions === undefined ? messages : [{ role: 'system', content: instructions }, ...messages];
}

function readSampling(body: Body, engine: Engine, prompt: ReadPrompt) {
  const fields = new Fields(body, wrongField);
  const asked = fields.integer('max_output_tokens');
  if (asked !== undefined) checkMaxTokens(asked, 'max_tokens', engine.contextLength, prompt.tokens);
  return samplingOf(engine, prompt, {
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

async function sendStream(exchange: Exchange, job: ResponseJob): Promise<void> {
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
