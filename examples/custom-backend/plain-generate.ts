import { BaseAPIModel, type PromptType, type RequestOutput, toText } from 'ais-bench';

/** A service that takes `{ "text_input": … }` and answers `{ "text_output": … }`: the shape of Triton's generate endpoint. */
export class PlainGenerate extends BaseAPIModel {
  getUrl(): string {
    return `${this.baseUrl}v2/models/${this.getServiceModelPath()}/generate`;
  }

  getRequestBody(input: PromptType, maxOutLen: number): object {
    return { text_input: toText(input), max_tokens: maxOutLen, ...this.options.generationKwargs };
  }

  override parseTextResponse(reply: { readonly text_output?: string }, output: RequestOutput): void {
    output.content = reply.text_output ?? '';
  }
}
