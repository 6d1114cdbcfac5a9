import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput, ToolCall } from '../../contract/output.ts';
import {
  type ContentPart,
  type Message,
  type PromptType,
  partUrl,
  toMessages,
  toText,
} from '../../contract/prompt-list.ts';
import { chooseModelName, isComplete, readCachedTokens, readTokenCounts } from './openai.ts';
import { refuseMedia } from './own-option.ts';
import { asList, asText, OpenToolCalls, parseObject, toFinishReason } from './reply.ts';

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
      model: chooseModelName(this, args),
      ...(args?.tools === undefined ? {} : { tools: args.tools.map(anthropicTool) }),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    for (const block of asList(data?.content)) {
      readText(block, output);
      if (block?.type === 'tool_use')
        output.toolCalls.push(readCall(block, JSON.stringify(block.input ?? {})));
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
      if (block?.type === 'tool_use') this.#calls.open(output, index, readCall(block, ''));
    } else if (type === 'content_block_delta') {
      readText(delta, output);
      if (delta?.partial_json) this.#calls.extend(output, index, asText(delta.partial_json));
    } else if (type === 'content_block_stop') {
      // A call without arguments is streamed as no JSON at all.
      if (this.#calls.at(output, index)?.arguments === '') this.#calls.extend(output, index, '{}');
    } else if (type === 'message_delta') {
      readEnd({ ...delta, usage: event.usage }, output);
    }
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return isComplete(output, sawDone);
  }
}

/** Text and thinking of a block, or of a delta of one. */
function readText(block: any, output: RequestOutput): void {
  output.addContent(asText(block?.text));
  output.addReasoningContent(asText(block?.thinking));
}

function readCall({ id, name }: any, args: string): ToolCall {
  return { id, name: asText(name), arguments: args };
}

function readEnd(end: any, output: RequestOutput): void {
  const { stop_reason, usage } = end ?? {};
  output.finishReason = toFinishReason(stop_reason) ?? output.finishReason;
  const { input_tokens, cache_read_input_tokens: read, cache_creation_input_tokens: created } = usage ?? {};
  // What was read from or written to the prompt cache is not in `input_tokens`.
  const prompt = input_tokens === undefined ? undefined : input_tokens + (read ?? 0) + (created ?? 0);
  readTokenCounts(prompt, usage?.output_tokens, output);
  readCachedTokens(read, output);
}

/** The dialogue without its system messages, and those as one text. */
function anthropicInput(input: PromptType): { system?: string; messages: readonly object[] } {
  const all = toMessages(input);
  const system = all.filter(({ role }) => role === 'system');
  const turns = all.filter(({ role }) => role !== 'system');
  const messages = turns.flatMap((turn, n) =>
    turn.role === 'tool' ? mergeResults(turns, n) : [toAnthropicMessage(turn)],
  );
  return system.length === 0 ? { messages } : { system: toText(system), messages };
}

/** Merges the results of one turn's calls into one message, at the place of the first. */
function mergeResults(turns: readonly Message[], n: number): object[] {
  if (turns[n - 1]?.role === 'tool') return [];
  const length = turns.slice(n).findIndex(({ role }) => role !== 'tool');
  const results = turns.slice(n, length < 0 ? undefined : n + length);
  const content = results.map(({ tool_call_id: tool_use_id, content }) => ({
    type: 'tool_result',
    tool_use_id,
    content,
  }));
  return [{ role: 'user', content }];
}

function toAnthropicMessage({ role, content, tool_calls }: Message): object {
  if (!Array.isArray(tool_calls) || tool_calls.length === 0) {
    return { role, content: typeof content === 'string' ? content : content.map(toBlock) };
  }
  const text: readonly ContentPart[] =
    typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  const blocks = text.filter((part) => part['text'] !== '').map(toBlock);
  return { role, content: [...blocks, ...tool_calls.map(toolUse)] };
}

function toolUse({ id, function: { name, arguments: args } }: any): object {
  return { type: 'tool_use', id, name, input: parseObject(args) };
}

function toBlock(part: ContentPart): object {
  const url = partUrl(part);
  if (part.type !== 'image_url' || url === undefined) return part;
  const [, media_type, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  const source = data === undefined ? { type: 'url', url } : { type: 'base64', media_type, data };
  return { type: 'image', source };
}

/** Translates a function from chat completions' form into Anthropic's. */
function anthropicTool(tool: any): unknown {
  if (tool?.type !== 'function' || !tool.function) return tool;
  const { name, description, parameters } = tool.function;
  return { name, ...(description === undefined ? {} : { description }), input_schema: parameters };
}
