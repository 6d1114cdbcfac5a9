import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import type { PromptType } from '../../contract/prompt-list.ts';
import { generateRequest, readDetails } from './generate-request.ts';
import { refuseMedia } from './own-option.ts';
import { asText } from './reply.ts';

/**
 * MindIE's own `infer`, whole and streamed (AISBench §2.3, App. A.3). Written from its description: no recording of a
 * live server was to be had, and no text shows the last event of a stream.
 */
export class MindieStreamApi extends BaseAPIModel {
  getUrl(): string {
    return endpointUrl(this.baseUrl, 'infer');
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    refuseMedia('MindieStreamApi', input);
    const { inputs, parameters } = generateRequest(input, maxOutLen, this.options, args);
    return { inputs, stream: this.options.stream, parameters };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = asText(data?.generated_text);
    readDetails(data?.details, output);
  }

  /** An event brings its token, or all of the text so far (in the last event, or in every one): the text is believed. */
  override parseStreamResponse(data: any, output: RequestOutput): void {
    const whole = asText(data?.generated_text);
    if (whole === '') output.addContent(asText(data?.token?.text));
    else output.content = whole;
    readDetails(data?.details, output);
  }
}
