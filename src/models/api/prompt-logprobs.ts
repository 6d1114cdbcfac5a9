/**
 * Log probabilities of a prompt's own tokens, in the two ways that servers give them: `prompt_logprobs` (vLLM), and the
 * prompt echoed with `logprobs` (OpenAI's old completions).
 */

import { listIn } from './json.ts';

/** A body that would generate, changed to one that asks for the prompt's log probabilities: never a stream. */
export function pplBody(body: object, fields: object): object {
  return { ...body, stream: false, stream_options: undefined, ...fields };
}

/** `prompt_logprobs`: per token null or a table by token id, in which the prompt's own token comes first. Empty: none given. */
export function promptLogprobsIn(positions: unknown): readonly (number | null)[] {
  return listIn(positions).map((table) => numberOrNull((Object.values(table ?? {})[0] as any)?.logprob));
}

/** `logprobs.token_logprobs` of an echoed prompt, without the one token that had to be generated. Empty: none given. */
export function echoedLogprobsIn(data: any): readonly (number | null)[] {
  const all = listIn(data?.choices?.[0]?.logprobs?.token_logprobs);
  const { prompt_tokens } = data?.usage ?? {};
  return all.slice(0, typeof prompt_tokens === 'number' ? prompt_tokens : -1).map(numberOrNull);
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
