import {
  BaseAPIModel,
  type Framing,
  type PromptType,
  type RequestOutput,
  type SseEvent,
  toText,
} from 'ais-bench';

/**
 * A service that streams plain text as server-sent events: `data` is a piece of the answer, not JSON, and what an event is about is
 * its type: `token`, `end` (with the counts), `error`. It only streams.
 */
export class PlainTextEvents extends BaseAPIModel {
  getUrl(): string {
    return new URL('say', this.baseUrl).href;
  }

  getRequestBody(input: PromptType, maxOutLen: number): object {
    return { prompt: toText(input), limit: maxOutLen, ...this.options.generationKwargs };
  }

  override getFraming(): Framing {
    return 'sse-events';
  }

  override parseStreamResponse({ type, data }: SseEvent, output: RequestOutput): void {
    if (type === 'error') output.error = data;
    else if (type === 'end') {
      const [reason, inputTokens, outputTokens] = data.split(' ');
      Object.assign(output, {
        finishReason: reason,
        inputTokens: Number(inputTokens),
        outputTokens: Number(outputTokens),
      });
    } else output.content += data;
  }

  override streamIsComplete(output: RequestOutput): boolean {
    return output.finishReason !== undefined;
  }
}
