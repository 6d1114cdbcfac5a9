import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput, ToolCall } from '../../contract/output.ts';
import { type ContentPart, type Message, type PromptType, partUrl } from '../../contract/prompt-list.ts';
import {
  chooseModelName,
  isComplete,
  readCachedTokens,
  readReasoningTokens,
  readTokenCounts,
} from './openai.ts';
import { refuseMedia } from './own-option.ts';
import { asList, asText, OpenToolCalls, toFinishReason } from './reply.ts';

/** OpenAI's Responses API, `v1/responses`, as OpenAI and vLLM speak it. */
export class OpenAIResponses extends BaseAPIModel {
  readonly #calls = new OpenToolCalls();

  getUrl(): string {
    return endpointUrl(this.baseUrl, 'v1/responses');
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    refuseMedia('OpenAIResponses', input, ['video_url', 'audio_url']);
    const { stream, generationKwargs } = this.options;
    return {
      input: responsesInput(input),
      stream,
      ...generationKwargs,
      max_output_tokens: maxOutLen,
      model: chooseModelName(this, args),
      ...(args?.tools === undefined ? {} : { tools: args.tools.map(responsesTool) }),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    for (const item of asList(data?.output)) {
      if (item?.type === 'message') output.addContent(joinParts(item.content));
      if (item?.type === 'reasoning')
        output.addReasoningContent(joinParts(item.content) || joinParts(item.summary));
      if (item?.type === 'function_call') output.toolCalls.push(readCall(item));
    }
    readEnd(data, output);
  }

  override parseStreamResponse(event: any, output: RequestOutput): void {
    const { type, item, output_index } = event ?? {};
    const delta = asText(event?.delta);
    if (/^response\.(output_text|refusal)\.delta$/.test(type)) output.addContent(delta);
    else if (/^response\.reasoning\w*\.delta$/.test(type)) output.addReasoningContent(delta);
    else if (type === 'response.function_call_arguments.delta') {
      this.#calls.extend(output, output_index, delta);
    } else if (type === 'response.output_item.added') {
      output.role = item?.role ?? output.role;
      if (item?.type === 'function_call') this.#calls.open(output, output_index, readCall(item));
    } else if (/^response\.(completed|incomplete|failed)$/.test(type)) readEnd(event.response, output);
    else if (type === 'error') output.error = asText(event.message) || 'the service reports an error';
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return isComplete(output, sawDone);
  }
}

function joinParts(parts: any): string {
  return asList(parts)
    .map((part) => asText(part?.text) || asText(part?.refusal))
    .join('');
}

function readCall({ call_id: id, name, arguments: args }: any): ToolCall {
  return { id, name: asText(name), arguments: asText(args) };
}

/** Status, token counts and, where the service gave up, why. */
function readEnd(response: any, output: RequestOutput): void {
  const { status, error, incomplete_details, usage } = response ?? {};
  if (status === 'failed') output.error = asText(error?.message) || 'the service says that it failed';
  if (status === 'completed') output.finishReason = output.toolCalls.length > 0 ? 'tool_calls' : 'stop';
  if (status === 'incomplete') output.finishReason = toFinishReason(incomplete_details?.reason) ?? status;
  readTokenCounts(usage?.input_tokens, usage?.output_tokens, output);
  readCachedTokens(usage?.input_tokens_details?.cached_tokens, output);
  readReasoningTokens(usage?.output_tokens_details?.reasoning_tokens, output);
}

/** Text stays text; messages become items, tool calls and their results items of their own. */
function responsesInput(input: PromptType): string | readonly object[] {
  return typeof input === 'string' ? input : input.flatMap(toItems);
}

function toItems({ role, content, tool_calls, tool_call_id, ...rest }: Message): object[] {
  if (role === 'tool') return [{ type: 'function_call_output', call_id: tool_call_id, output: content }];
  const calls = Array.isArray(tool_calls) ? tool_calls.map(callItem) : [];
  if (calls.length > 0 && content === '') return calls;
  const parts = typeof content === 'string' ? content : content.map((part) => toPart(part, role));
  return [{ role, content: parts, ...rest }, ...calls];
}

function callItem(call: any): object {
  const { name, arguments: args } = call.function;
  return { type: 'function_call', call_id: call.id, name, arguments: args };
}

function toPart(part: ContentPart, role: string): object {
  if (part.type === 'text') return { ...part, type: role === 'assistant' ? 'output_text' : 'input_text' };
  if (part.type !== 'image_url') return part;
  const { detail }: any = part['image_url'];
  return { type: 'input_image', image_url: partUrl(part), ...(detail === undefined ? {} : { detail }) };
}

/** Unwraps a function from chat completions' `function` key. */
function responsesTool(tool: any): unknown {
  return tool?.type === 'function' && tool.function ? { type: 'function', ...tool.function } : tool;
}
