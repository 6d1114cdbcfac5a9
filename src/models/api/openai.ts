/** What OpenAI-style completions and chat completions share, as vLLM, llama.cpp and TGI speak them. */
import type { RequestOutput } from '../output.ts';

/** Takes over `usage`, wherever it comes: in the reply, in the last event, or running in every event. */
export function readUsage(data: any, output: RequestOutput): void {
  const { prompt_tokens, completion_tokens } = data?.usage ?? {};
  if (typeof prompt_tokens === 'number') output.inputTokens = prompt_tokens;
  if (typeof completion_tokens === 'number') output.outputTokens = completion_tokens;
}

export function readFinishReason(choice: any, output: RequestOutput): void {
  if (typeof choice?.finish_reason === 'string') output.finishReason = choice.finish_reason;
}

/** A stream is over when it says so: `[DONE]`, or a finish reason where a server leaves `[DONE]` out. */
export function saidItIsComplete(output: RequestOutput, sawDone: boolean): boolean {
  return sawDone || output.finishReason !== undefined;
}

/** More calls than any reply holds: a larger index is a server's mistake, not a request for memory. */
const MOST_TOOL_CALLS = 1024;

/** Tool calls of a whole message, or the deltas of one event, assembled by their index. */
export function readToolCalls(toolCalls: any, output: RequestOutput): void {
  if (!Array.isArray(toolCalls)) return;
  for (const [position, delta] of toolCalls.entries()) {
    const given: unknown = delta?.index;
    const isIndex = Number.isInteger(given) && (given as number) >= 0 && (given as number) < MOST_TOOL_CALLS;
    const index = isIndex ? (given as number) : position;
    while (output.toolCalls.length <= index) output.toolCalls.push({ name: '', arguments: '' });
    const call = output.toolCalls[index]!;
    if (typeof delta?.id === 'string') call.id = delta.id;
    call.name += delta?.function?.name ?? '';
    const args = delta?.function?.arguments ?? '';
    call.arguments += typeof args === 'string' ? args : JSON.stringify(args);
  }
}
