import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toMessages } from '../../contract/prompt-list.ts';
import {
  chooseModelName,
  isComplete,
  lengthFields,
  pplBody,
  readBareText,
  readContent,
  readFinishReason,
  readFirstChoice,
  readPromptLogprobs,
  readToolCalls,
  readUsage,
} from './openai.ts';
import { asText } from './reply.ts';

/** `v1/chat/completions` as vLLM and other OpenAI-compatible servers speak it (AISBench §2.3, App. A.1). */
export class VLLMCustomAPIChat extends BaseAPIModel {
  static override readonly fixesLength = true;
  getUrl(): string {
    return endpointUrl(this.baseUrl, 'v1/chat/completions');
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    const { stream, generationKwargs } = this.options;
    return {
      stream,
      messages: toMessages(input),
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      ...lengthFields(maxOutLen, args),
      ...generationKwargs,
      max_tokens: maxOutLen,
      model: chooseModelName(this, args),
      ...(args?.tools === undefined ? {} : { tools: args.tools }),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    const choice = readFirstChoice(data);
    if (!readBareText(choice, output)) readMessage(choice?.message, output);
    readFinishReason(choice, output);
    readUsage(data, output);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    const choice = readFirstChoice(data);
    if (!readBareText(choice, output)) readMessage(choice?.delta, output);
    readFinishReason(choice, output);
    readUsage(data, output);
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return isComplete(output, sawDone);
  }

  /** The prompt is the dialogue in the server's chat template, with the tokens that open the answer. */
  override getPplRequestBody(input: PromptType, output?: RequestOutput, args?: RequestArgs): object {
    return pplBody(this.getRequestBody(input, 1, output, args), { prompt_logprobs: 0 });
  }

  override getPromptLogprobs(data: any): readonly (number | null)[] {
    return readPromptLogprobs(data?.prompt_logprobs);
  }
}

/** A message or a delta of one. Newer vLLM calls the reasoning channel `reasoning`, older ones `reasoning_content`. */
function readMessage(message: any, output: RequestOutput): void {
  if (readBareText(message, output)) return;
  if (typeof message?.role === 'string') output.role = message.role;
  readContent(message?.content, output);
  output.addReasoningContent(asText(message?.reasoning_content) || asText(message?.reasoning));
  readToolCalls(message?.tool_calls, output);
}
