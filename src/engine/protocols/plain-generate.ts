/** What old vLLM's `generate` and VITA's share: sampling at top level, and `text` as a list of one. */
import { collect } from '../collect.ts';
import type { ErrorWords, Exchange } from '../exchange.ts';
import { type Body, type Complain, Fields, parseObject } from '../fields.ts';
import { HttpError } from '../http-error.ts';
import { readText, samplingOf } from '../sampling.ts';
import type { Engine, ReadPrompt, Sampling } from '../types.ts';

/** vLLM's default. */
const DEFAULT_MAX_TOKENS = 16;

export interface Asked {
  readonly text: string;
  /** Stands before the answer. */
  readonly shown: string;
  /** Whether each event has all of the text so far, or what is new. */
  readonly cumulative: boolean;
}

export function readGenerateBody(exchange: Exchange): Body {
  const body = parseObject(exchange.body);
  if (body === undefined) throw refused('the body is no JSON object');
  return body;
}

export async function answerGenerate(
  exchange: Exchange,
  body: Body,
  engine: Engine,
  asked: Asked,
): Promise<void> {
  const prompt = readText(engine, asked.text);
  const sampling = readSampling(new Fields(body, wrongField), engine, prompt);
  if (body['stream'] === true) return sendStream(exchange, prompt, sampling, asked);
  const reply = await collect(prompt.generate, sampling, exchange.signal);
  if (reply !== undefined) exchange.reply(200, { text: [asked.shown + reply.text] });
}

function readSampling(fields: Fields, engine: Engine, prompt: ReadPrompt): Sampling {
  const maxTokens = fields.integer('max_tokens') ?? DEFAULT_MAX_TOKENS;
  if (maxTokens < 1) throw refused(`max_tokens must be at least 1, got ${maxTokens}.`);
  return samplingOf(engine, prompt, {
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
  exchange: Exchange,
  prompt: ReadPrompt,
  sampling: Sampling,
  { shown, cumulative }: Asked,
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

export function refused(message: string): HttpError {
  return new HttpError(400, { detail: message });
}

const wrongField: Complain = (name, expected) => refused(`${name} must be of type ${expected}`);

export const GENERATE_WORDS: ErrorWords = {
  refused,
  broken: (message) => new HttpError(500, { detail: message }),
  brokenStream: (message) => `data: ${JSON.stringify({ error: message })}\n\n`,
};
