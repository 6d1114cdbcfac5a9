import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import { readChoice, refuseAdapter, refuseMedia } from './own-option.ts';
import { asText } from './reply.ts';

/**
 * vLLM's native `generate`, gone from today's vLLM, and MindIE's in its style: `text[0]` is the prompt with the answer.
 * Written from its description.
 */
export class VLLMCustomAPIOld extends BaseAPIModel {
  /** `stream_text`: whether an event brings all of the text so far (`cumulative`, vLLM) or what is new (`incremental`). */
  static override readonly extraOptions: readonly string[] = ['stream_text'];

  readonly #streamText = readChoice(this.options, 'stream_text', ['cumulative', 'incremental']);

  getUrl(): string {
    return endpointUrl(this.baseUrl, 'generate');
  }

  /** Names no model: the server has one, and refuses keys that it does not know. */
  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    refuseAdapter('VLLMCustomAPIOld', args);
    refuseMedia('VLLMCustomAPIOld', input);
    const { stream, generationKwargs } = this.options;
    return { prompt: toText(input), stream, ...generationKwargs, max_tokens: maxOutLen };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = readAnswer(data, output);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    if (this.#streamText === 'cumulative') output.content = readAnswer(data, output);
    else output.addContent(asText(data?.text?.[0]));
  }
}

function readAnswer(data: any, output: RequestOutput): string {
  const text = asText(data?.text?.[0]);
  const prompt = toText(output.input ?? '');
  return text.startsWith(prompt) ? text.slice(prompt.length) : text;
}
