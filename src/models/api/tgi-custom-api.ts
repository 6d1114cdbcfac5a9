import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import { generateRequest, readDetails } from './generate-request.ts';
import { isComplete } from './openai.ts';
import { refuseMedia } from './own-option.ts';
import { asList, asText } from './reply.ts';

/** `generate` and `generate_stream` of Hugging Face's TGI (AISBench §2.3, App. A.4), and of MindIE in TGI's style. */
export class TGICustomAPI extends BaseAPIModel {
  /** Streams whose last event has arrived: without `details` nothing else shows that they are complete. */
  readonly #whole = new WeakSet<RequestOutput>();

  getUrl(): string {
    return endpointUrl(this.baseUrl, this.options.stream ? 'generate_stream' : 'generate');
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    refuseMedia('TGICustomAPI', input);
    return generateRequest(input, maxOutLen, this.options, args);
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = asText(data?.generated_text);
    readDetails(data?.details, output);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    const token = data?.token;
    if (token?.special !== true) output.addContent(asText(token?.text));
    readDetails(data?.details, output);
    if (typeof data?.generated_text === 'string') this.#end(data.generated_text, output);
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return isComplete(output, sawDone) || this.#whole.has(output);
  }

  override getPplRequestBody(input: PromptType, _output?: RequestOutput, args?: RequestArgs): object {
    const { inputs, parameters } = generateRequest(input, 1, this.options, args);
    return { inputs, parameters: { ...parameters, details: true, decoder_input_details: true } };
  }

  override getPromptLogprobs(data: any): readonly (number | null)[] {
    return asList(data?.details?.prefill).map((token) => token?.logprob ?? null);
  }

  /** The last event repeats the whole text; it is only compared: its time is not the text's. */
  #end(generatedText: string, output: RequestOutput): void {
    this.#whole.add(output);
    const prompt =
      this.options.generationKwargs['return_full_text'] === true ? toText(output.input ?? '') : '';
    if (prompt + output.content !== generatedText) {
      output.extraDetailsData['generated_text_differs'] = generatedText;
    }
  }
}
