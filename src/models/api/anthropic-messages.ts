import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput, ToolCall } from '../../contract/output.ts';
import type { PromptType } from '../../contract/prompt-list.ts';
import { anthropicInput, anthropicTool } from './anthropic-input.ts';
import { finishReasonIn } from './finish-reason.ts';
import { listIn, textIn } from './json.ts';
import { OpenToolCalls } from './open-tool-calls.ts';
import { modelNameFor, readCachedTokens, readTokenCounts, saidItIsComplete } from './openai.ts';
import { refuseMedia } from './own-option.ts';

/** Anthropic's Messages API, `v1/messages`, as Anthropic and vLLM speak it. */
export class AnthropicMessages extends BaseAPIModel {
  /** `anthropic_version`: the header of that name, `2023-06-01` unless given. */
  static override readonly extraOptions: readonly string[] = ['anthropic_version'];

  readonly #calls = new OpenToolCalls();

  getUrl(): string {
    return endpointUrl(this.baseUrl, 'v1/messages');
  }

  override headers(): Record<string, string> {
    const { apiKey, anthropicVersion } = this.options;
    return {
      'anthropic-version': String(anthropicVersion ?? '2023-06-01'),
      ...(apiKey === '' ? {} : { 'x-api-key': apiKey }),
    };
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    refuseMedia('AnthropicMessages', input, ['video_url', 'audio_url']);
    const { stream, generationKwargs } = this.options;
    return {
      ...anthropicInput(input),
      stream,
      ...generationKwargs,
      max_tokens: maxOutLen,
      model: modelNameFor(this, args),
      ...(args?.tools === undefined ? {} : { tools: args.tools.map(anthropicTool) }),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    for (const block of listIn(data?.content)) {
      readText(block, output);
      if (block?.type === 'tool_use') output.toolCalls.push(callIn(block, JSON.stringify(block.input ?? {})));
    }
    readEnd(data, output);
  }

  override parseStreamResponse(event: any, output: RequestOutput): void {
    const { type, index, delta, content_block: block, message } = event ?? {};
    if (type === 'message_start') {
      output.role = message?.role;
      readEnd(message, output);
    } else if (type === 'content_block_start') {
      readText(block, output);
      if (block?.type === 'tool_use') this.#calls.open(output, index, callIn(block, ''));
    } else if (type === 'content_block_delta') {
      readText(delta, output);
      if (delta?.partial_json) this.#calls.extend(output, index, textIn(delta.partial_json));
    } else if (type === 'content_block_stop') {
      // A call without arguments is streamed as no JSON at all.
      if (this.#calls.at(output, index)?.arguments === '') this.#calls.extend(output, index, '{}');
    } else if (type === 'message_delta') {
      readEnd({ ...delta, usage: event.usage }, output);
    }
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return saidItIsComplete(output, sawDone);
  }
}

/** Text and thinking of a block, or of a delta of one. */
function readText(block: any, output: RequestOutput): void {
  output.addContent(textIn(block?.text));
  output.addReasoningContent(textIn(block?.thinking));
}

function callIn({ id, name }: any, args: string): ToolCall {
  return { id, name: textIn(name), arguments: args };
}

function readEnd(end: any, output: RequestOutput): void {
  const { stop_reason, usage } = end ?? {};
  output.finishReason = finishReasonIn(stop_reason) ?? output.finishReason;
  const { input_tokens, cache_read_input_tokens: read, cache_creation_input_tokens: created } = usage ?? {};
  // What was read from or written to the prompt cache is not in `input_tokens`.
  const prompt = input_tokens === undefined ? undefined : input_tokens + (read ?? 0) + (created ?? 0);
  readTokenCounts(prompt, usage?.output_tokens, output);
  readCachedTokens(read, output);
}
