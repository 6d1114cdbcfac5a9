import type { PromptType } from './prompt-list.ts';

export interface ToolCall {
  id?: string;
  name: string;
  /** JSON text, as the server sent it, assembled from its deltas. */
  arguments: string;
}

/**
 * Collects one reply. A parser fills it; the engine watches it to see which event brought payload, and makes the
 * immutable record from it at the end. Both `output.content += delta` and `output.content = wholeTextSoFar` work.
 */
export class RequestOutput {
  content = '';
  /** Text of the model's reasoning channel (`reasoning_content` or `reasoning`). */
  reasoningContent = '';
  toolCalls: ToolCall[] = [];
  /** Role announced by the stream, when it announces one. */
  role: string | undefined;
  /** Prompt tokens as the server counts them. */
  inputTokens: number | undefined;
  /** Generated tokens so far as the server counts them, reasoning included. */
  outputTokens: number | undefined;
  /** Why the server stopped: `stop`, `length`, `tool_calls`, … */
  finishReason: string | undefined;
  /** Set it to fail the request with the server's words. */
  error: string | undefined;
  /** What was asked, for the transcript; the engine fills it with the prompt unless the class did. */
  input: PromptType | undefined;
  extraPerfData: Record<string, unknown> = {};
  extraDetailsData: Record<string, unknown> = {};
}
