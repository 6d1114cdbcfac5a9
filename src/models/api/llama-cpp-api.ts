import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import { readCachedTokens, readTokenCounts } from './openai.ts';
import { refuseAdapter, refuseMedia } from './own-option.ts';
import { asText, toFinishReason } from './reply.ts';

/** The own `completion` of llama.cpp's server. */
export class LlamaCppAPI extends BaseAPIModel {
  static override readonly fixesLength = true;

  getUrl(): string {
    return endpointUrl(this.baseUrl, 'completion');
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    refuseAdapter('LlamaCppAPI', args);
    refuseMedia('LlamaCppAPI', input);
    const { stream, generationKwargs } = this.options;
    return {
      prompt: toText(input),
      stream,
      ...(args?.fixedLength === true ? { ignore_eos: true } : {}),
      ...generationKwargs,
      n_predict: maxOutLen,
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    this.parseStreamResponse(data, output);
  }

  /** The last event has no text, `stop`, and why. */
  override parseStreamResponse(data: any, output: RequestOutput): void {
    output.addContent(asText(data?.content));
    readTokenCounts(data?.tokens_evaluated, data?.tokens_predicted, output);
    if (data?.stop !== true) return;
    output.finishReason = stopReason(data);
    readCachedTokens(data.timings?.cache_n, output);
  }

  override streamIsComplete(output: RequestOutput): boolean {
    return output.finishReason !== undefined;
  }
}

/** Servers before the end of 2024 have a flag for each reason in place of `stop_type`. */
function stopReason({ stop_type, stopped_limit }: any): string {
  if (stop_type !== undefined && stop_type !== 'none') return toFinishReason(stop_type) ?? 'stop';
  return stopped_limit === true ? 'length' : 'stop';
}
