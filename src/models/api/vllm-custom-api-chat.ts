import { BaseAPIModel, endpointUrl } from '../base-api-model.ts';
import type { RequestOutput } from '../output.ts';
import { type PromptType, toMessages } from '../prompt-list.ts';
import { readFinishReason, readToolCalls, readUsage, saidItIsComplete } from './openai.ts';

/** `v1/chat/completions` as vLLM and other OpenAI-compatible servers speak it (AISBench §2.3, App. A.1). */
export class VLLMCustomAPIChat extends BaseAPIModel {
  getUrl(): string {
    return endpointUrl(this.baseUrl, 'v1/chat/completions');
  }

  getRequestBody(input: PromptType, maxOutLen: number): object {
    const { stream, generationKwargs } = this.options;
    return {
      stream,
      messages: toMessages(input),
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      ...generationKwargs,
      max_tokens: maxOutLen,
      model: this.getServiceModelPath(),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    const choice = data?.choices?.[0];
    readMessage(choice?.message, output);
    readFinishReason(choice, output);
    readUsage(data, output);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    // With n > 1 the choices' deltas are interleaved; the first choice is the answer.
    const choice = data?.choices?.find((candidate: any) => (candidate?.index ?? 0) === 0);
    readMessage(choice?.delta, output);
    readFinishReason(choice, output);
    readUsage(data, output);
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return saidItIsComplete(output, sawDone);
  }
}

/** A message or a delta of one. Newer vLLM calls the reasoning channel `reasoning`, older ones `reasoning_content`. */
function readMessage(message: any, output: RequestOutput): void {
  if (typeof message?.role === 'string') output.role = message.role;
  output.content += message?.content ?? '';
  output.reasoningContent += message?.reasoning_content || message?.reasoning || '';
  readToolCalls(message?.tool_calls, output);
}
