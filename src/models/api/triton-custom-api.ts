import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import { readChoice, refuseAdapter, refuseMedia } from './own-option.ts';
import { asText } from './reply.ts';

/**
 * Triton's generate extension, `v2/models/{model}/generate` and `generate_stream` (AISBench §2.3, App. A.5). Its streams
 * say neither that they are complete nor how many tokens they had.
 */
export class TritonCustomAPI extends BaseAPIModel {
  /**
   * `parameters_at`: `parameters` sends AISBench's body, as MindIE takes it; `top_level` puts the same keys beside
   * `text_input`, with `stream`, as stock backends take them. `max_tokens_field`: what the backend calls the length;
   * `max_new_tokens` in `parameters`, `max_tokens` at top level.
   */
  static override readonly extraOptions: readonly string[] = ['parameters_at', 'max_tokens_field'];

  readonly #parametersAt = readChoice(this.options, 'parameters_at', ['parameters', 'top_level']);

  getUrl(): string {
    const model = encodeURIComponent(this.getServiceModelPath());
    const endpoint = this.options.stream ? 'generate_stream' : 'generate';
    return endpointUrl(this.baseUrl, `v2/models/${model}/${endpoint}`);
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output: RequestOutput, args: RequestArgs): object {
    refuseAdapter('TritonCustomAPI', args);
    refuseMedia('TritonCustomAPI', input);
    const { stream, generationKwargs, maxTokensField } = this.options;
    const request = { id: `${args.conversationId}-${args.turn}`, text_input: toText(input) };
    if (this.#parametersAt === 'top_level') {
      return { ...request, ...generationKwargs, stream, [String(maxTokensField ?? 'max_tokens')]: maxOutLen };
    }
    const parameters = { ...generationKwargs, [String(maxTokensField ?? 'max_new_tokens')]: maxOutLen };
    return { ...request, parameters };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = readOutput(data);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    output.addContent(readOutput(data));
  }
}

/** A backend whose output tensor has room for a batch answers with a list of one. */
function readOutput(data: any): string {
  return asText([data?.text_output].flat()[0]);
}
