/** Shared by OpenAI-style completions and chat completions, as vLLM, llama.cpp and TGI speak them. */
import type { BaseAPIModel, RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { isTokenCount } from '../../contract/record.ts';
import { asList, asText, toFinishReason } from './reply.ts';

/** Returns the model's name for a request: the adapter or other model that it is for, else the configured one. */
export function chooseModelName(model: BaseAPIModel, args: RequestArgs | undefined): string {
  return args?.adapter ?? model.getServiceModelPath();
}

/** Returns vLLM's fields for an answer that must not end before its last token. */
export function lengthFields(maxOutLen: number, args: RequestArgs | undefined): object {
  return args?.fixedLength === true ? { ignore_eos: true, min_tokens: maxOutLen } : {};
}

/** A choice or a message that is nothing but its text stands for one with that content. */
export function readBareText(value: unknown, output: RequestOutput): boolean {
  if (typeof value !== 'string') return false;
  output.addContent(value);
  return true;
}

/**
 * Reads the content of a message or a delta: a text, as most servers send it; a list of parts, as Mistral's do, whose thinking is
 * reasoning; or a number that a server did not put in quotes.
 */
export function readContent(content: unknown, output: RequestOutput): void {
  if (typeof content === 'string') output.addContent(content);
  else if (typeof content === 'number') output.addContent(String(content));
  else if (Array.isArray(content)) for (const part of content) readPart(part, output);
}

function readPart(part: any, output: RequestOutput): void {
  if (typeof part === 'string') output.addContent(part);
  else if (part?.type === 'thinking') output.addReasoningContent(joinTexts(part.thinking));
  else output.addContent(asText(part?.text));
}

function joinTexts(parts: unknown): string {
  return (
    asText(parts) ||
    asList(parts)
      .map((part) => asText(part) || asText(part?.text))
      .join('')
  );
}

/** Returns the first choice of a reply or an event: with `n` > 1 the choices of a stream are interleaved. */
export function readFirstChoice(data: any): any {
  for (const choice of asList(data?.choices)) if ((choice?.index ?? 0) === 0) return choice;
  return undefined;
}

/** Reads `usage`, wherever it is: in the reply, in the last event, or running in every event. */
export function readUsage(data: any, output: RequestOutput): void {
  const usage = data?.usage;
  // Most events have none, and they are many.
  if (usage === undefined || usage === null) return;
  const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } = usage;
  readTokenCounts(prompt_tokens, completion_tokens, output);
  readCachedTokens(prompt_tokens_details?.cached_tokens, output);
  readReasoningTokens(completion_tokens_details?.reasoning_tokens, output);
}

/** Reads the token counts that are valid counts. */
export function readTokenCounts(input: unknown, generated: unknown, output: RequestOutput): void {
  if (isTokenCount(input)) output.inputTokens = input;
  if (isTokenCount(generated)) output.outputTokens = generated;
}

/** Reads how many of the prompt's tokens came from a cache, where the service counts them. */
export function readCachedTokens(cached: unknown, output: RequestOutput): void {
  if (isTokenCount(cached)) output.cachedTokens = cached;
}

/** Reads how many of the generated tokens were reasoning, where the service counts them. */
export function readReasoningTokens(reasoning: unknown, output: RequestOutput): void {
  if (isTokenCount(reasoning)) output.reasoningTokens = reasoning;
}

/** Reads a choice's finish reason, where it has one. */
export function readFinishReason(choice: any, output: RequestOutput): void {
  output.finishReason = toFinishReason(choice?.finish_reason) ?? output.finishReason;
}

/** Returns whether the stream said that it is complete: by `[DONE]`, or by a finish reason where a server omits `[DONE]`. */
export function isComplete(output: RequestOutput, sawDone: boolean): boolean {
  return sawDone || output.finishReason !== undefined;
}

/** More calls than any reply holds: a larger index is a server's mistake, not a request for memory. */
const MOST_TOOL_CALLS = 1024;

/** Tool calls of a whole message, or the deltas of one event, assembled by their index. */
export function readToolCalls(toolCalls: any, output: RequestOutput): void {
  if (toolCalls === undefined || toolCalls === null) return;
  for (const [position, delta] of asList(toolCalls).entries()) {
    const given: unknown = delta?.index;
    const isIndex = Number.isInteger(given) && (given as number) >= 0 && (given as number) < MOST_TOOL_CALLS;
    const index = isIndex ? (given as number) : position;
    while (output.toolCalls.length <= index) output.toolCalls.push({ name: '', arguments: '' });
    const call = output.toolCalls[index]!;
    if (typeof delta?.id === 'string') call.id = delta.id;
    call.name += asText(delta?.function?.name);
    const args = delta?.function?.arguments ?? '';
    call.arguments += typeof args === 'string' ? args : JSON.stringify(args);
  }
}

/**
 * Changes a body that generates into one that requests the prompt's log probabilities; never a stream. Servers give log
 * probabilities of a prompt's own tokens in two ways: `prompt_logprobs` (vLLM), and the prompt echoed with `logprobs` (OpenAI's
 * old completions).
 */
export function pplBody(body: object, fields: object): object {
  return { ...body, stream: false, stream_options: undefined, ...fields };
}

/** `prompt_logprobs`: per token null or a table by token id, in which the prompt's own token comes first. Empty: none given. */
export function readPromptLogprobs(positions: unknown): readonly (number | null)[] {
  return asList(positions).map((table) => numberOrNull((Object.values(table ?? {})[0] as any)?.logprob));
}

/** `logprobs.token_logprobs` of an echoed prompt, without the one token that had to be generated. Empty: none given. */
export function readEchoedLogprobs(data: any): readonly (number | null)[] {
  const all = asList(data?.choices?.[0]?.logprobs?.token_logprobs);
  const { prompt_tokens } = data?.usage ?? {};
  return all.slice(0, typeof prompt_tokens === 'number' ? prompt_tokens : -1).map(numberOrNull);
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
