import { BaseAPIModel, endpointUrl } from '../base-api-model.ts';
import type { RequestOutput } from '../output.ts';
import { type PromptType, toText } from '../prompt-list.ts';
import { readFinishReason, readUsage, saidItIsComplete } from './openai.ts';

/** `v1/completions` as vLLM and other OpenAI-compatible servers speak it (AISBench §2.3, App. A.2). */
export class VLLMCustomAPI extends BaseAPIModel {
  getUrl(): string {
    return endpointUrl(this.baseUrl, 'v1/completions');
  }

  getRequestBody(input: PromptType, maxOutLen: number): object {
    const { stream, generationKwargs } = this.options;
    return {
      prompt: toText(input),
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      ...generationKwargs,
      max_tokens: maxOutLen,
      model: this.getServiceModelPath(),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    this.#readChoices(data, output);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    this.#readChoices(data, output);
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return saidItIsComplete(output, sawDone);
  }

  #readChoices(data: any, output: RequestOutput): void {
    const choice = data?.choices?.find((candidate: any) => (candidate?.index ?? 0) === 0);
    output.content += choice?.text ?? '';
    readFinishReason(choice, output);
    readUsage(data, output);
  }
}
