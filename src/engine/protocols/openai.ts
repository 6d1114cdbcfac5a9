/** `POST /v1/chat/completions` and `/v1/completions`, as vLLM 0.32 speaks them. */

import { randomBytes } from 'node:crypto';
import {
  collect,
  type Finish,
  type InferenceEngine,
  type ModelCall,
  type ReadPrompt,
  type ScoredToken,
  type Tool,
} from '../engine.ts';
import { type Body, BodyFields, type HttpExchange, isObject, post, type Route } from '../exchange.ts';
import { type ReplyJob, type ReplyShape, sendStream, wholeReply } from './openai-reply.ts';
import {
  badParameter,
  badRequest,
  invalidBody,
  isAsked,
  OPENAI_WORDS,
  readMessages,
  readPrompt,
  readRequest,
  readSampling,
  readStreamOptions,
  refuseUnsupported,
  wrongField,
} from './openai-request.ts';
import REPLIES from './replies.json' with { type: 'json' };

/** Serves `/v1/chat/completions`. */
export function openaiChat(engine: InferenceEngine): readonly Route[] {
  return [
    post('/v1/chat/completions', OPENAI_WORDS, async (exchange) => {
      const body = readRequest(exchange.body, engine);
      refuseUnsupported(body, ['logprobs', 'echo', 'suffix']);
      const messages = readMessages(body['messages'], 'body.messages', engine);
      const prompt = readPrompt(engine, { kind: 'chat', messages });
      const sampling = readSampling(body, engine, prompt.tokens, undefined);
      const call = readToolCall(body, prompt);
      const shape = call === undefined ? CHAT_SHAPE : toolCallShape(CHAT_SHAPE, call);
      const { generate } = call ?? prompt;
      const job = { engine, promptTokens: prompt.tokens, generate, sampling };
      await answerChat(exchange, body, shape, prompt, job);
    }),
  ];
}

async function answerChat(
  exchange: HttpExchange,
  body: Body,
  shape: ReplyShape,
  prompt: ReadPrompt,
  job: ReplyJob,
): Promise<void> {
  const score = readPromptLogprobs(body, prompt);
  if (body['stream'] === true) return sendStream(exchange, shape, job, readStreamOptions(body));
  const reply = await collect(job.generate, job.sampling, exchange.signal);
  if (reply === undefined) return;
  const prompt_logprobs = score && promptLogprobs(await score(exchange.signal));
  const extras = { ...shape.wholeExtras, ...(prompt_logprobs && { prompt_logprobs }) };
  exchange.reply(200, wholeReply({ ...shape, wholeExtras: extras }, job, reply));
}

const CHAT_SHAPE: ReplyShape = {
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
    ...REPLIES.chatChoice,
    message: { ...REPLIES.chatMessage, content },
    finish_reason: reason,
    stop_reason: stop,
  }),
  wholeExtras: REPLIES.chatExtras,
};

/** The call to answer with, and the finish reason that vLLM gives it. */
interface NamedCall extends ModelCall {
  readonly finishReason: 'stop' | 'tool_calls';
}

/**
 * Returns the call that `tools` and `tool_choice` request; undefined for an answer in words. Throws HttpError 400 when the engine
 * calls no functions.
 */
function readToolCall(body: Body, prompt: ReadPrompt): NamedCall | undefined {
  const tools = readTools(body['tools']);
  const choice = body['tool_choice'] ?? 'auto';
  if (choice === 'none') return undefined;
  if (tools.length === 0) {
    if (!isAsked(body['tool_choice']) || choice === 'auto') return undefined;
    throw badRequest('When using `tool_choice`, `tools` must be set. (parameter=tool_choice)', 'tool_choice');
  }
  if (prompt.callTool === undefined) throw badRequest('This model calls no tools.', 'tools');
  // A named function ends with `stop`, a free choice with `tool_calls`: that is how vLLM 0.32 answers.
  const named = isObject(choice);
  const call = prompt.callTool(named ? [theNamed(tools, choice)] : tools, choice !== 'auto');
  return call && { ...call, finishReason: named ? 'stop' : 'tool_calls' };
}

function theNamed(tools: readonly Tool[], choice: Body): Tool {
  const wanted = isObject(choice['function']) ? choice['function']['name'] : undefined;
  const tool = tools.find(({ name }) => name === wanted);
  if (tool !== undefined) return tool;
  const message = 'The tool specified in `tool_choice` does not match any of the specified `tools`';
  throw badRequest(`${message} (parameter=tool_choice)`, 'tool_choice');
}

function readTools(value: unknown): readonly Tool[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw invalidBody('list_type', 'body.tools', 'Input should be a valid list');
  return value.map((tool, index) => {
    const details = isObject(tool) ? tool['function'] : undefined;
    if (isObject(details) && typeof details['name'] === 'string') {
      return { name: details['name'], parameters: details['parameters'] };
    }
    throw invalidBody('missing', `body.tools.${index}.function.name`, 'Field required');
  });
}

/** The shape of a chat reply whose text is the arguments of a call. */
function toolCallShape(chat: ReplyShape, { name, finishReason }: NamedCall): ReplyShape {
  const id = `chatcmpl-tool-${randomBytes(8).toString('hex')}`;
  const head = { id, type: 'function', index: 0, function: { name } };
  // A call that max_tokens cut is not finished, which a client must be able to see.
  const reasonOf = (finish: Finish) => (finish.reason === 'length' ? 'length' : finishReason);
  const beforeText = '{"index":0,"delta":{"content":null,"tool_calls":[{"index":0,"function":{"arguments":';
  const afterText = '}}]},"logprobs":null,"finish_reason":null,"token_ids":null}';
  return {
    ...chat,
    opening: [
      ...chat.opening,
      {
        choice:
          `{"index":0,"delta":{"content":null,"tool_calls":[${JSON.stringify(head)}]},` +
          '"logprobs":null,"finish_reason":null,"token_ids":null}',
        after: '',
      },
    ],
    beforeText,
    afterText,
    last: (text, finish) => [
      ...(text === '""' ? [] : [`${beforeText}${text}${afterText}`]),
      `{"index":0,"delta":{},"logprobs":null,"finish_reason":"${reasonOf(finish)}","stop_reason":null,"token_ids":null}`,
    ],
    wholeChoice: (text, finish) => ({
      ...REPLIES.chatChoice,
      message: {
        ...REPLIES.toolCallMessage,
        tool_calls: [{ id, type: 'function', function: { name, arguments: text } }],
      },
      finish_reason: reasonOf(finish),
    }),
  };
}

/** Tokens of a reply when the request names no limit: OpenAI's and vLLM's default for this path. */
const DEFAULT_MAX_TOKENS = 16;

/** Serves `/v1/completions`. */
export function openaiCompletions(engine: InferenceEngine): readonly Route[] {
  return [
    post('/v1/completions', OPENAI_WORDS, async (exchange) => {
      const body = readRequest(exchange.body, engine);
      const echo = body['echo'] === true;
      refuseUnsupported(body, echo ? ['suffix'] : ['suffix', 'logprobs']);
      const text = readCompletionPrompt(body);
      const prompt = readPrompt(engine, { kind: 'text', text });
      const promptOnly = echo && body['max_tokens'] === 0;
      // vLLM also generates (and counts) one token when max_tokens is 0; it does not show it.
      const limits = promptOnly ? { ...body, max_tokens: 1, stop: undefined } : body;
      const sampling = readSampling(limits, engine, prompt.tokens, DEFAULT_MAX_TOKENS);
      const job = { engine, promptTokens: prompt.tokens, generate: prompt.generate, sampling };
      if (body['stream'] !== true)
        return sendWholeCompletion(exchange, body, prompt, job, { text, echo, promptOnly });
      if (echo || isAsked(body['prompt_logprobs'])) {
        throw badRequest('This service gives echo and prompt_logprobs in whole replies only.', 'stream');
      }
      await sendStream(exchange, COMPLETION_SHAPE, job, readStreamOptions(body));
    }),
  ];
}

function readCompletionPrompt(body: Body): string {
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

async function sendWholeCompletion(
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
    ...COMPLETION_SHAPE.wholeChoice(echo ? text + shown : shown, finish),
    ...extras,
  });
  exchange.reply(200, wholeReply({ ...COMPLETION_SHAPE, wholeChoice }, job, reply));
}

const COMPLETION_SHAPE: ReplyShape = {
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
    ...REPLIES.completionChoice,
    text,
    finish_reason: reason,
    stop_reason: stop,
  }),
  wholeExtras: REPLIES.completionExtras,
};

/** What vLLM gives at most when it is started with `--max-logprobs 20`, its default. */
const MOST_CANDIDATES = 20;

type ScorePrompt = (signal: AbortSignal) => Promise<readonly ScoredToken[]>;

/**
 * Reads `prompt_logprobs`; undefined when the request does not have it. Throws HttpError 400 where the answer would not be what
 * the client expects: in a stream, with an engine that knows no probabilities, or for other tokens than the prompt's own.
 */
function readPromptLogprobs(body: Body, prompt: ReadPrompt): ScorePrompt | undefined {
  const count = new BodyFields(body, wrongField).integer('prompt_logprobs');
  if (count === undefined) return undefined;
  if (body['stream'] === true) {
    throw badRequest('This service gives prompt_logprobs in whole replies only.', 'prompt_logprobs');
  }
  const name = 'prompt_logprobs';
  // The keys of a place are token numbers, and a JSON reader may reorder them: only a single one is surely the prompt's.
  if (count !== 0)
    throw badParameter(
      `This service gives ${name} of the prompt's own tokens only: set it to 0.`,
      name,
      count,
    );
  return scoring(prompt, '', 0, name);
}

/** Reads `logprobs` beside `echo` as a function that scores the prompt and the reply's text; undefined without it. */
function readEchoLogprobs(
  body: Body,
  prompt: ReadPrompt,
): ((reply: string, signal: AbortSignal) => Promise<readonly ScoredToken[]>) | undefined {
  const count = new BodyFields(body, wrongField).integer('logprobs');
  if (count === undefined) return undefined;
  if (count < 0 || count > MOST_CANDIDATES) {
    throw badParameter(`logprobs must be from 0 to ${MOST_CANDIDATES}, got ${count}.`, 'logprobs', count);
  }
  scoring(prompt, '', count, 'logprobs');
  return (reply, signal) => scoring(prompt, reply, count, 'logprobs')(signal);
}

function scoring(prompt: ReadPrompt, continuation: string, best: number, param: string): ScorePrompt {
  const { score } = prompt;
  if (score === undefined) throw badRequest('This model gives no probabilities.', param);
  return (signal) => score.call(prompt, continuation, best, signal);
}

/** vLLM's form: for each token but the first, its id, with its logprob and rank. */
function promptLogprobs(scored: readonly ScoredToken[]): readonly (object | null)[] {
  return scored.map(({ id, text, score }) =>
    score === undefined
      ? null
      : { [id]: { logprob: score.logprob, rank: score.rank ?? null, decoded_token: text } },
  );
}

/** OpenAI's form: parallel lists over prompt and reply. */
function echoLogprobs(scored: readonly ScoredToken[]): object {
  let at = 0;
  const text_offset = scored.map(({ text }) => {
    const offset = at;
    at += text.length;
    return offset;
  });
  return {
    text_offset,
    token_logprobs: scored.map(({ score }) => score?.logprob ?? null),
    tokens: scored.map(({ text }) => text),
    top_logprobs: scored.map(({ text, score }) =>
      score === undefined
        ? null
        : Object.fromEntries([
            [text, score.logprob],
            ...score.best.map((candidate) => [candidate.text, candidate.logprob] as const),
          ]),
    ),
  };
}
