import { BaseAPIModel, type PromptType, type RequestOutput, toMessages } from 'ais-bench';

interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string } }[];
}

interface Reply {
  readonly choices?: readonly { readonly message?: { readonly content?: string } }[];
}

/** The least that a chat service in the form of OpenAI needs. */
export class PlainChat extends BaseAPIModel {
  getUrl(): string {
    return `${this.baseUrl}v1/chat/completions`;
  }

  getRequestBody(input: PromptType, maxOutLen: number): object {
    const { stream, generationKwargs } = this.options;
    const model = this.getServiceModelPath();
    return { model, messages: toMessages(input), max_tokens: maxOutLen, stream, ...generationKwargs };
  }

  override parseTextResponse({ choices }: Reply, output: RequestOutput): void {
    output.content = choices?.[0]?.message?.content ?? '';
  }

  override parseStreamResponse({ choices }: Chunk, output: RequestOutput): void {
    output.content += choices?.[0]?.delta?.content ?? '';
  }
}
