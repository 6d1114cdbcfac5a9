import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import {
  chooseModelName,
  isComplete,
  lengthFields,
  pplBody,
  readBareText,
  readContent,
  readEchoedLogprobs,
  readFinishReason,
  readFirstChoice,
  readPromptLogprobs,
  readUsage,
} from './openai.ts';
import { readChoice, refuseMedia } from './own-option.ts';

/** `v1/completions` as vLLM and other OpenAI-compatible servers speak it (AISBench §2.3, App. A.2). */
export class VLLMCustomAPI extends BaseAPIModel {
  static override readonly fixesLength = true;
  /** `ppl_method`: the request for perplexity, `prompt_logprobs` (vLLM) or `echo` (with `logprobs`, other servers). */
  static override readonly extraOptions: readonly string[] = ['ppl_method'];

  readonly #pplMethod = readChoice(this.options, 'ppl_method', ['prompt_logprobs', 'echo']);

  getUrl(): string {
    return endpointUrl(this.baseUrl, 'v1/completions');
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    refuseMedia('VLLMCustomAPI', input);
    const { stream, generationKwargs } = this.options;
    return {
      prompt: toText(input),
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      ...lengthFields(maxOutLen, args),
      ...generationKwargs,
      max_tokens: maxOutLen,
      model: chooseModelName(this, args),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    this.#readChoices(data, output);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    this.#readChoices(data, output);
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return isComplete(output, sawDone);
  }

  /** One token is the least that servers generate. */
  override getPplRequestBody(input: PromptType, output?: RequestOutput, args?: RequestArgs): object {
    const fields = this.#pplMethod === 'echo' ? { echo: true, logprobs: 1 } : { prompt_logprobs: 0 };
    return pplBody(this.getRequestBody(input, 1, output, args), fields);
  }

  override getPromptLogprobs(data: any): readonly (number | null)[] {
    if (this.#pplMethod === 'echo') return readEchoedLogprobs(data);
    return readPromptLogprobs(data?.choices?.[0]?.prompt_logprobs);
  }

  #readChoices(data: any, output: RequestOutput): void {
    const choice = readFirstChoice(data);
    if (!readBareText(choice, output)) readContent(choice?.text, output);
    readFinishReason(choice, output);
    readUsage(data, output);
  }
}
