import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput, ToolCall } from '../../contract/output.ts';
import type { PromptType } from '../../contract/prompt-list.ts';
import { finishReasonIn } from './finish-reason.ts';
import { listIn, textIn } from './json.ts';
import { OpenToolCalls } from './open-tool-calls.ts';
import {
  modelNameFor,
  readCachedTokens,
  readReasoningTokens,
  readTokenCounts,
  saidItIsComplete,
} from './openai.ts';
import { responsesInput, responsesTool } from './openai-responses-input.ts';
import { refuseMedia } from './own-option.ts';

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
      model: modelNameFor(this, args),
      ...(args?.tools === undefined ? {} : { tools: args.tools.map(responsesTool) }),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    for (const item of listIn(data?.output)) {
      if (item?.type === 'message') output.addContent(textOf(item.content));
      if (item?.type === 'reasoning')
        output.addReasoningContent(textOf(item.content) || textOf(item.summary));
      if (item?.type === 'function_call') output.toolCalls.push(callIn(item));
    }
    readEnd(data, output);
  }

  override parseStreamResponse(event: any, output: RequestOutput): void {
    const { type, item, output_index } = event ?? {};
    const delta = textIn(event?.delta);
    if (/^response\.(output_text|refusal)\.delta$/.test(type)) output.addContent(delta);
    else if (/^response\.reasoning\w*\.delta$/.test(type)) output.addReasoningContent(delta);
    else if (type === 'response.function_call_arguments.delta') {
      this.#calls.extend(output, output_index, delta);
    } else if (type === 'response.output_item.added') {
      output.role = item?.role ?? output.role;
      if (item?.type === 'function_call') this.#calls.open(output, output_index, callIn(item));
    } else if (/^response\.(completed|incomplete|failed)$/.test(type)) readEnd(event.response, output);
    else if (type === 'error') output.error = textIn(event.message) || 'the service reports an error';
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return saidItIsComplete(output, sawDone);
  }
}

function textOf(parts: any): string {
  return listIn(parts)
    .map((part) => textIn(part?.text) || textIn(part?.refusal))
    .join('');
}

function callIn({ call_id: id, name, arguments: args }: any): ToolCall {
  return { id, name: textIn(name), arguments: textIn(args) };
}

/** Status, token counts and, where the service gave up, why. */
function readEnd(response: any, output: RequestOutput): void {
  const { status, error, incomplete_details, usage } = response ?? {};
  if (status === 'failed') output.error = textIn(error?.message) || 'the service says that it failed';
  if (status === 'completed') output.finishReason = output.toolCalls.length > 0 ? 'tool_calls' : 'stop';
  if (status === 'incomplete') output.finishReason = finishReasonIn(incomplete_details?.reason) ?? status;
  readTokenCounts(usage?.input_tokens, usage?.output_tokens, output);
  readCachedTokens(usage?.input_tokens_details?.cached_tokens, output);
  readReasoningTokens(usage?.output_tokens_details?.reasoning_tokens, output);
}
