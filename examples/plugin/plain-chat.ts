import { BaseAPIModel, type PromptType, type RequestOutput, toMessages } from 'ais-bench';

interface Reply {
  readonly choices?: readonly {
    readonly message?: { readonly content?: string };
    readonly delta?: { readonly content?: string };
  }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number } | null;
}

/** The least that a chat service in the form of OpenAI needs. */
export class PlainChat extends BaseAPIModel {
  getUrl(): string {
    return `${this.baseUrl}v1/chat/completions`;
  }

  getRequestBody(input: PromptType, maxOutLen: number): object {
    const { stream, generationKwargs } = this.options;
    return {
      model: this.getServiceModelPath(),
      messages: toMessages(input),
      max_tokens: maxOutLen,
      stream,
      ...(stream && { stream_options: { include_usage: true } }),
      ...generationKwargs,
    };
  }

  override parseTextResponse({ choices, usage }: Reply, output: RequestOutput): void {
    output.content = choices?.[0]?.message?.content ?? '';
    countTokens(usage, output);
  }

  override parseStreamResponse({ choices, usage }: Reply, output: RequestOutput): void {
    output.content += choices?.[0]?.delta?.content ?? '';
    countTokens(usage, output);
  }
}

function countTokens(usage: Reply['usage'], output: RequestOutput): void {
  if (usage?.prompt_tokens !== undefined) output.inputTokens = usage.prompt_tokens;
  if (usage?.completion_tokens !== undefined) output.outputTokens = usage.completion_tokens;
}
