/** Perplexity: how likely a prompt's own tokens are, as vLLM's `prompt_logprobs` and OpenAI's `echo` + `logprobs`. */

import type { ReadPrompt, ScoredToken } from '../engine.ts';
import { type Body, BodyFields } from '../fields.ts';
import { badParameter, badRequest, wrongField } from './openai-request.ts';

/** What vLLM gives at most when it is started with `--max-logprobs 20`, its default. */
const MOST_CANDIDATES = 20;

type ScorePrompt = (signal: AbortSignal) => Promise<readonly ScoredToken[]>;

/**
 * Reads `prompt_logprobs`; undefined when the request does not have it. Throws HttpError 400 where the answer would not be what
 * the client expects: in a stream, with an engine that knows no probabilities, or for other tokens than the prompt's own.
 */
export function readPromptLogprobs(body: Body, prompt: ReadPrompt): ScorePrompt | undefined {
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
export function readEchoLogprobs(
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
export function promptLogprobs(scored: readonly ScoredToken[]): readonly (object | null)[] {
  return scored.map(({ id, text, score }) =>
    score === undefined
      ? null
      : { [id]: { logprob: score.logprob, rank: score.rank ?? null, decoded_token: text } },
  );
}

/** OpenAI's form: parallel lists over prompt and reply. */
export function echoLogprobs(scored: readonly ScoredToken[]): object {
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
