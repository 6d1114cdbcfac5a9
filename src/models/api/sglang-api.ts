import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import { isComplete, readCachedTokens, readTokenCounts } from './openai.ts';
import { divideKwargs, readChoice, refuseMedia } from './own-option.ts';
import { asList, asText, toFinishReason } from './reply.ts';

/** Keys of `generation_kwargs` that stand beside `sampling_params` in a request; every other one is a part of it. */
const BESIDE: ReadonlySet<string> = new Set(
  'input_ids return_logprob logprob_start_len top_logprobs_num return_text_in_logprobs priority'.split(' '),
);

/** SGLang's own `generate`. */
export class SGLangAPI extends BaseAPIModel {
  static override readonly fixesLength = true;

  /** `stream_text`: whether an event brings all of the text so far, or what is new (a server with `--stream-output`). */
  static override readonly extraOptions: readonly string[] = ['stream_text'];

  readonly #streamText = readChoice(this.options, 'stream_text', ['cumulative', 'incremental']);

  getUrl(): string {
    return endpointUrl(this.baseUrl, 'generate');
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output?: RequestOutput, args?: RequestArgs): object {
    refuseMedia('SGLangAPI', input);
    const { beside, inside } = divideKwargs(this.options, 'sampling_params', BESIDE);
    return {
      // The server takes one of the two.
      ...(beside['input_ids'] === undefined ? { text: toText(input) } : {}),
      stream: this.options.stream,
      ...beside,
      sampling_params: {
        ...(args?.fixedLength === true ? { ignore_eos: true, min_new_tokens: maxOutLen } : {}),
        ...inside,
        max_new_tokens: maxOutLen,
      },
      ...(args?.adapter === undefined ? {} : { lora_path: args.adapter }),
    };
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = asText(data?.text);
    readMeta(data?.meta_info, output);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    if (this.#streamText === 'incremental') output.addContent(asText(data?.text));
    else if (typeof data?.text === 'string') output.content = data.text;
    readMeta(data?.meta_info, output);
  }

  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return isComplete(output, sawDone);
  }

  override getPplRequestBody(input: PromptType, output?: RequestOutput, args?: RequestArgs): object {
    const body = this.getRequestBody(input, 1, output, args);
    return { ...body, stream: false, return_logprob: true, logprob_start_len: 0 };
  }

  /** Each is a list: log probability, token id, text. */
  override getPromptLogprobs(data: any): readonly (number | null)[] {
    return asList(data?.meta_info?.input_token_logprobs).map((token) => asList(token)[0] ?? null);
  }
}

/** Counts are those so far, in every event; the finish reason is an object, null until the end. */
function readMeta(meta: any, output: RequestOutput): void {
  readTokenCounts(meta?.prompt_tokens, meta?.completion_tokens, output);
  readCachedTokens(meta?.cached_tokens, output);
  const { type, message } = meta?.finish_reason ?? {};
  output.finishReason = toFinishReason(type) ?? output.finishReason;
  if (type === 'abort') output.error = asText(message) || 'the server aborted the request';
}
