/** `POST /v1/chat/completions`. */
import type { Route } from '../exchange.ts';
import type { ChatMessage, Engine, Prompt } from '../types.ts';
import { badRequest, failedStream, invalidBody } from './openai-errors.ts';
import { type ReplyShape, sendStream, sendWhole } from './openai-reply.ts';
import {
  type Body,
  isObject,
  readPrompt,
  readRequest,
  readSampling,
  readStreamOptions,
} from './openai-request.ts';

export function openaiChat(engine: Engine): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/chat/completions',
      failed: failedStream,
      async handle(exchange) {
        const body = readRequest(exchange.body, engine);
        const prompt = readPrompt(engine, readMessages(body, engine));
        const job = { engine, prompt, sampling: readSampling(body, engine, prompt.tokens, undefined) };
        if (body['stream'] === true) await sendStream(exchange, SHAPE, job, readStreamOptions(body));
        else await sendWhole(exchange, SHAPE, job);
      },
    },
  ];
}

function readMessages(body: Body, engine: Engine): Prompt {
  const messages = body['messages'];
  if (messages === undefined) throw invalidBody('missing', 'body.messages', 'Field required');
  if (!Array.isArray(messages)) {
    throw invalidBody('list_type', 'body.messages', 'Input should be a valid list');
  }
  if (messages.length === 0) {
    throw badRequest('An empty list of messages cannot be answered. Provide at least one message.');
  }
  return { kind: 'chat', messages: messages.map((message, index) => readMessage(message, index, engine)) };
}

function readMessage(message: unknown, index: number, engine: Engine): ChatMessage {
  const place = `body.messages.${index}`;
  if (!isObject(message)) throw invalidBody('dict_type', place, 'Input should be a valid dictionary');
  const { role, content } = message;
  if (typeof role !== 'string')
    throw invalidBody('string_type', `${place}.role`, 'Input should be a valid string');
  return { role, content: readContent(content, `${place}.content`, engine) };
}

function readContent(content: unknown, place: string, engine: Engine): string {
  if (typeof content === 'string') return content;
  if (content === null || content === undefined) return '';
  if (!Array.isArray(content)) throw invalidBody('string_type', place, 'Input should be a valid string');
  return content.map((part) => readPart(part, place, engine)).join('\n');
}

function readPart(part: unknown, place: string, engine: Engine): string {
  if (isObject(part) && part['type'] === 'text' && typeof part['text'] === 'string') return part['text'];
  if (isObject(part) && typeof part['type'] === 'string' && part['type'] !== 'text') {
    throw badRequest(`${engine.model} is not a multimodal model`);
  }
  throw invalidBody('dict_type', place, 'Input should be a text part');
}

const SHAPE: ReplyShape = {
  idPrefix: 'chatcmpl-',
  chunkObject: 'chat.completion.chunk',
  wholeObject: 'chat.completion',
  opening: {
    choice: '{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}',
    after: ',"prompt_token_ids":null,"prompt_text":null',
  },
  beforeText: '{"index":0,"delta":{"content":',
  afterText: '},"logprobs":null,"finish_reason":null,"token_ids":null}',
  afterLastText: ({ reason, stop }) =>
    `},"logprobs":null,"finish_reason":"${reason}","stop_reason":${JSON.stringify(stop)},"token_ids":null}`,
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
