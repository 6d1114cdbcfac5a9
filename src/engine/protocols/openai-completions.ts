/** `POST /v1/completions`, as vLLM 0.32 speaks it. */
import { collect, type Finish, type InferenceEngine, type ReadPrompt } from '../engine.ts';
import type { HttpExchange, Route } from '../exchange.ts';
import type { Body } from '../fields.ts';
import { echoLogprobs, promptLogprobs, readEchoLogprobs, readPromptLogprobs } from './openai-logprobs.ts';
import { type ReplyJob, type ReplyShape, sendStream, wholeReply } from './openai-reply.ts';
import {
  badRequest,
  invalidBody,
  isAsked,
  OPENAI_WORDS,
  readPrompt,
  readRequest,
  readSampling,
  readStreamOptions,
  refuseUnsupported,
} from './openai-request.ts';

/** Tokens of a reply when the request names no limit: OpenAI's and vLLM's default for this path. */
const DEFAULT_MAX_TOKENS = 16;

export function openaiCompletions(engine: InferenceEngine): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/completions',
      words: OPENAI_WORDS,
      async handle(exchange) {
        const body = readRequest(exchange.body, engine);
        const echo = body['echo'] === true;
        refuseUnsupported(body, echo ? ['suffix'] : ['suffix', 'logprobs']);
        const text = readText(body);
        const prompt = readPrompt(engine, { kind: 'text', text });
        const promptOnly = echo && body['max_tokens'] === 0;
        // vLLM also generates (and counts) one token when max_tokens is 0; it does not show it.
        const limits = promptOnly ? { ...body, max_tokens: 1, stop: undefined } : body;
        const sampling = readSampling(limits, engine, prompt.tokens, DEFAULT_MAX_TOKENS);
        const job = { engine, promptTokens: prompt.tokens, generate: prompt.generate, sampling };
        if (body['stream'] !== true)
          return sendWhole(exchange, body, prompt, job, { text, echo, promptOnly });
        if (echo || isAsked(body['prompt_logprobs'])) {
          throw badRequest('This service gives echo and prompt_logprobs in whole replies only.', 'stream');
        }
        await sendStream(exchange, SHAPE, job, readStreamOptions(body));
      },
    },
  ];
}

function readText(body: Body): string {
  const prompt = body['prompt'];
  if (prompt === undefined) throw invalidBody('missing', 'body.prompt', 'Field required');
  const text = Array.isArray(prompt) && prompt.length === 1 ? prompt[0] : prompt;
  if (typeof text === 'string') return text;
  throw badRequest('This service takes one prompt a request, as a text or a list of one text.', 'prompt');
}

interface Echo {
  readonly text: string;
  readonly echo: boolean;
  /** Nothing but the prompt is to be shown. */
  readonly promptOnly: boolean;
}

async function sendWhole(
  exchange: HttpExchange,
  body: Body,
  prompt: ReadPrompt,
  job: ReplyJob,
  { text, echo, promptOnly }: Echo,
): Promise<void> {
  const score = readPromptLogprobs(body, prompt);
  const scoreEcho = echo ? readEchoLogprobs(body, prompt) : undefined;
  const reply = await collect(job.generate, job.sampling, exchange.signal);
  if (reply === undefined) return;
  const shown = promptOnly ? '' : reply.text;
  const echoed = await scoreEcho?.(shown, exchange.signal);
  // With echo and logprobs vLLM gives the prompt's part in its other form too.
  const own = score === undefined ? echoed?.slice(0, prompt.tokens) : await score(exchange.signal);
  const extras = {
    ...(echoed && { logprobs: echoLogprobs(echoed) }),
    ...(own && { prompt_logprobs: promptLogprobs(own) }),
  };
  const wholeChoice = (_: string, finish: Finish) => ({
    ...SHAPE.wholeChoice(echo ? text + shown : shown, finish),
    ...extras,
  });
  exchange.reply(200, wholeReply({ ...SHAPE, wholeChoice }, job, reply));
}

const SHAPE: ReplyShape = {
  idPrefix: 'cmpl-',
  chunkObject: 'text_completion',
  wholeObject: 'text_completion',
  opening: [],
  beforeText: '{"index":0,"text":',
  afterText:
    ',"logprobs":null,"finish_reason":null,"stop_reason":null,"prompt_token_ids":null,"token_ids":null}',
  last: (text, { reason, stop }) => [
    `{"index":0,"text":${text},"logprobs":null,"finish_reason":"${reason}",` +
      `"stop_reason":${JSON.stringify(stop)},"prompt_token_ids":null,"token_ids":null}`,
  ],
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
