/** `POST /v1/completions`. */
import type { Route } from '../exchange.ts';
import type { Engine, Prompt } from '../types.ts';
import { badRequest, failedStream, invalidBody } from './openai-errors.ts';
import { type ReplyShape, sendStream, sendWhole } from './openai-reply.ts';
import { type Body, readPrompt, readRequest, readSampling, readStreamOptions } from './openai-request.ts';

/** Tokens of a reply when the request names no limit: OpenAI's and vLLM's default for this path. */
const DEFAULT_MAX_TOKENS = 16;

export function openaiCompletions(engine: Engine): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/completions',
      failed: failedStream,
      async handle(exchange) {
        const body = readRequest(exchange.body, engine);
        const prompt = readPrompt(engine, readText(body));
        const sampling = readSampling(body, engine, prompt.tokens, DEFAULT_MAX_TOKENS);
        const job = { engine, prompt, sampling };
        if (body['stream'] === true) await sendStream(exchange, SHAPE, job, readStreamOptions(body));
        else await sendWhole(exchange, SHAPE, job);
      },
    },
  ];
}

function readText(body: Body): Prompt {
  const prompt = body['prompt'];
  if (prompt === undefined) throw invalidBody('missing', 'body.prompt', 'Field required');
  const text = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt;
  if (typeof text !== 'string') {
    throw badRequest('This service takes one prompt a request, as a text or a list of one text.', 'prompt');
  }
  return { kind: 'text', text };
}

const SHAPE: ReplyShape = {
  idPrefix: 'cmpl-',
  chunkObject: 'text_completion',
  wholeObject: 'text_completion',
  opening: undefined,
  beforeText: '{"index":0,"text":',
  afterText:
    ',"logprobs":null,"finish_reason":null,"stop_reason":null,"prompt_token_ids":null,"token_ids":null}',
  afterLastText: ({ reason, stop }) =>
    `,"logprobs":null,"finish_reason":"${reason}","stop_reason":${JSON.stringify(stop)},` +
    '"prompt_token_ids":null,"token_ids":null}',
  wholeChoice: (text, { reason, stop }) => ({
    index: 0,
    text,
    logprobs: null,
    finish_reason: reason,
    stop_reason: stop,
    token_ids: null,
    prompt_logprobs: null,
    prompt_token_ids: null,
    routed_experts: null,
  }),
  wholeExtras: { kv_transfer_params: null, ec_transfer_params: null, metrics: null },
};
