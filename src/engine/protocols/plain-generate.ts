/** `generate` of old vLLM, MindIE and VITA: sampling at top level, and `text` as a list of one. */
import { collect, type InferenceEngine, type ReadPrompt, type Sampling } from '../engine.ts';
import { type ErrorWords, HttpError, type HttpExchange, type Route } from '../exchange.ts';
import {
  type Body,
  BodyFields,
  type Complain,
  fillSampling,
  joinTextParts,
  parseObject,
  readText,
} from '../fields.ts';

/** vLLM's default. */
const DEFAULT_MAX_TOKENS = 16;

interface GenerateRequest {
  readonly text: string;
  /** Text before the answer. */
  readonly shown: string;
  /** Whether each event has all of the text so far, or what is new. */
  readonly cumulative: boolean;
}

function readGenerateBody(exchange: HttpExchange): Body {
  const body = parseObject(exchange.body);
  if (body === undefined) throw refuseGenerate('the body is no JSON object');
  return body;
}

async function answerGenerate(
  exchange: HttpExchange,
  body: Body,
  engine: InferenceEngine,
  asked: GenerateRequest,
): Promise<void> {
  const prompt = readText(engine, asked.text);
  const sampling = readSampling(new BodyFields(body, wrongField), engine, prompt);
  if (body['stream'] === true) return sendStream(exchange, prompt, sampling, asked);
  const reply = await collect(prompt.generate, sampling, exchange.signal);
  if (reply !== undefined) exchange.reply(200, { text: [asked.shown + reply.text] });
}

function readSampling(fields: BodyFields, engine: InferenceEngine, prompt: ReadPrompt): Sampling {
  const maxTokens = fields.integer('max_tokens') ?? DEFAULT_MAX_TOKENS;
  if (maxTokens < 1) throw refuseGenerate(`max_tokens must be at least 1, got ${maxTokens}.`);
  return fillSampling(engine, prompt, {
    maxTokens,
    stop: fields.texts('stop'),
    keepStop: fields.boolean('include_stop_str_in_output'),
    ignoreEos: fields.boolean('ignore_eos'),
    temperature: fields.number('temperature'),
    topP: fields.number('top_p'),
    topK: Math.max(0, fields.integer('top_k') ?? 0),
    seed: fields.integer('seed'),
  });
}

async function sendStream(
  exchange: HttpExchange,
  prompt: ReadPrompt,
  sampling: Sampling,
  { shown, cumulative }: GenerateRequest,
): Promise<void> {
  const writer = exchange.stream();
  let sent = shown;
  await prompt.generate(
    sampling,
    ({ text, finish }) => {
      if (text === '' && finish === undefined) return;
      sent = cumulative ? sent + text : text;
      const event = `data: {"text":[${JSON.stringify(sent)}]}\n\n`;
      if (finish === undefined) writer.write(event);
      else writer.end(event);
    },
    exchange.signal,
  );
}

function refuseGenerate(message: string): HttpError {
  return new HttpError(400, { detail: message });
}

const wrongField: Complain = (name, expected) => refuseGenerate(`${name} must be of type ${expected}`);

const GENERATE_WORDS: ErrorWords = {
  refused: refuseGenerate,
  broken: (message) => new HttpError(500, { detail: message }),
  brokenStream: (message) => `data: ${JSON.stringify({ error: message })}\n\n`,
};

/** Serves old vLLM's `generate` (0.2; gone today), after its description: answers repeat the prompt and all text so far. */
export function vllmGenerate(engine: InferenceEngine): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/generate',
      words: GENERATE_WORDS,
      accepts: (body) => typeof body['prompt'] === 'string',
      handle(exchange) {
        const body = readGenerateBody(exchange);
        const { prompt } = body;
        if (typeof prompt !== 'string') throw refuseGenerate('the request has no prompt');
        return answerGenerate(exchange, body, engine, { text: prompt, shown: prompt, cumulative: true });
      },
    },
  ];
}

/** Serves MindIE's `generate` in vLLM's style, after AISBench's description: answers omit the prompt, events hold only new text. */
export function mindieGenerate(engine: InferenceEngine): readonly Route[] {
  return [makeGenerateRoute(engine, (body) => 'prompt' in body)];
}

/** Serves VITA's `generate`: a prompt that is a list of parts distinguishes its requests from old vLLM's. */
export function vitaGenerate(engine: InferenceEngine): readonly Route[] {
  return [makeGenerateRoute(engine, (body) => Array.isArray(body['prompt']))];
}

function makeGenerateRoute(engine: InferenceEngine, accepts: (body: Body) => boolean): Route {
  return {
    method: 'POST',
    path: '/generate',
    words: GENERATE_WORDS,
    accepts,
    handle(exchange) {
      const body = readGenerateBody(exchange);
      const { prompt } = body;
      const text = typeof prompt === 'string' ? prompt : joinTextParts(prompt);
      if (text === undefined) throw refuseGenerate('the prompt must be a text, or a list of text parts');
      return answerGenerate(exchange, body, engine, { text, shown: '', cumulative: false });
    },
  };
}
