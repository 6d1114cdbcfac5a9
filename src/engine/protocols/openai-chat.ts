/** `POST /v1/chat/completions`, as vLLM 0.32 speaks it. */
import { collect } from '../collect.ts';
import type { Exchange, Route } from '../exchange.ts';
import type { Body } from '../fields.ts';
import type { Engine, ReadPrompt } from '../types.ts';
import { readMessages } from './chat-messages.ts';
import { OPENAI_WORDS } from './openai-errors.ts';
import { promptLogprobs, readPromptLogprobs } from './openai-logprobs.ts';
import { type Job, type ReplyShape, sendStream, wholeReply } from './openai-reply.ts';
import {
  readPrompt,
  readRequest,
  readSampling,
  readStreamOptions,
  refuseUnsupported,
} from './openai-request.ts';
import { readToolCall, toolCallShape } from './openai-tools.ts';

export function openaiChat(engine: Engine): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/chat/completions',
      words: OPENAI_WORDS,
      async handle(exchange) {
        const body = readRequest(exchange.body, engine);
        refuseUnsupported(body, ['logprobs', 'echo', 'suffix']);
        const messages = readMessages(body['messages'], 'body.messages', engine);
        const prompt = readPrompt(engine, { kind: 'chat', messages });
        const sampling = readSampling(body, engine, prompt.tokens, undefined);
        const call = readToolCall(body, prompt);
        const shape = call === undefined ? SHAPE : toolCallShape(SHAPE, call);
        const { generate } = call ?? prompt;
        const job = { engine, promptTokens: prompt.tokens, generate, sampling };
        await answer(exchange, body, shape, prompt, job);
      },
    },
  ];
}

async function answer(
  exchange: Exchange,
  body: Body,
  shape: ReplyShape,
  prompt: ReadPrompt,
  job: Job,
): Promise<void> {
  const score = readPromptLogprobs(body, prompt);
  if (body['stream'] === true) return sendStream(exchange, shape, job, readStreamOptions(body));
  const reply = await collect(job.generate, job.sampling, exchange.signal);
  if (reply === undefined) return;
  const prompt_logprobs = score && promptLogprobs(await score(exchange.signal));
  const extras = { ...shape.wholeExtras, ...(prompt_logprobs && { prompt_logprobs }) };
  exchange.reply(200, wholeReply({ ...shape, wholeExtras: extras }, job, reply));
}

const SHAPE: ReplyShape = {
  idPrefix: 'chatcmpl-',
  chunkObject: 'chat.completion.chunk',
  wholeObject: 'chat.completion',
  opening: [
    {
      choice: '{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}',
      after: ',"prompt_token_ids":null,"prompt_text":null',
    },
  ],
  beforeText: '{"index":0,"delta":{"content":',
  afterText: '},"logprobs":null,"finish_reason":null,"token_ids":null}',
  last: (text, { reason, stop }) => [
    `{"index":0,"delta":{"content":${text}},"logprobs":null,"finish_reason":"${reason}",` +
      `"stop_reason":${JSON.stringify(stop)},"token_ids":null}`,
  ],
  wholeChoice: (content, { reason, stop }) => ({
    index: 0,
    message: {
      role: 'assistant',
      content,
      refusal: null,
      annotations: null,
      audio: null,
      function_call: null,
      reasoning: null,
    },
    logprobs: null,
    finish_reason: reason,
    stop_reason: stop,
    token_ids: null,
    routed_experts: null,
  }),
  wholeExtras: {
    prompt_logprobs: null,
    prompt_token_ids: null,
    prompt_text: null,
    kv_transfer_params: null,
    ec_transfer_params: null,
    metrics: null,
  },
};
