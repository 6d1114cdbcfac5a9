import {
  BaseAPIModel,
  type ExchangeRequest,
  type MessageSink,
  type RequestArgs,
} from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import { isTokenCount } from '../../contract/record.ts';
import { KserveModel } from './kserve-service.ts';
import { readTokenCounts } from './openai.ts';
import { readChoice, refuseAdapter, refuseMedia } from './own-option.ts';
import { asText, toFinishReason } from './reply.ts';

/** KServe's v2 protocol over gRPC as Triton speaks it: `ModelStreamInfer`, and `ModelInfer` for whole replies. */
export class TritonGRPC extends BaseAPIModel {
  /** An answer comes in as many pieces as the backend makes of it. */
  static override readonly chunksAreTokens = false;

  /**
   * `parameters_at`: `top_level` sends `generation_kwargs` and the length as inputs where the model has such inputs, else as parameters
   * of the request; `parameters` sends all of them as parameters. `max_tokens_field`: what the backend calls the length.
   */
  static override readonly extraOptions: readonly string[] = ['parameters_at', 'max_tokens_field'];

  readonly #parametersAt = readChoice(this.options, 'parameters_at', ['top_level', 'parameters']);
  #service: KserveModel | undefined;

  getUrl(): string {
    return new URL('inference.GRPCInferenceService/ModelStreamInfer', this.baseUrl).href;
  }

  /** The body of Triton's `generate`; `exchange` makes tensors of it. */
  getRequestBody(input: PromptType, maxOutLen: number, _output: RequestOutput, args: RequestArgs): object {
    refuseAdapter('TritonGRPC', args);
    refuseMedia('TritonGRPC', input);
    const { stream, generationKwargs, maxTokensField } = this.options;
    const request = { id: `${args.conversationId}-${args.turn}`, text_input: toText(input) };
    return this.#parametersAt === 'top_level'
      ? { ...request, ...generationKwargs, stream, [String(maxTokensField ?? 'max_tokens')]: maxOutLen }
      : {
          ...request,
          stream,
          parameters: { ...generationKwargs, [String(maxTokensField ?? 'max_new_tokens')]: maxOutLen },
        };
  }

  override async exchange({ body, headers, stream }: ExchangeRequest, sink: MessageSink): Promise<void> {
    this.#service ??= new KserveModel(this.baseUrl, this.getServiceModelPath(), this.options.tls);
    const options = { headers, signal: sink.signal };
    if (stream) await this.#service.stream(body, (response) => sink.message(response), options);
    else sink.message(await this.#service.infer(body, options));
  }

  override parseTextResponse(data: any, output: RequestOutput): void {
    readResponse(data, output);
  }

  override parseStreamResponse(data: any, output: RequestOutput): void {
    readResponse(data, output);
  }

  override async close(): Promise<void> {
    await this.#service?.close();
  }
}

function readResponse(data: any, output: RequestOutput): void {
  const { error, text_output, finish_reason, num_input_tokens, num_output_tokens } = data ?? {};
  if (asText(error) !== '') output.error = error;
  output.addContent(asText([text_output].flat()[0]));
  // Outputs of Triton's vLLM backend, where a request asks for them; tokens are those of this response.
  if (finish_reason !== 'None') output.finishReason = toFinishReason(finish_reason) ?? output.finishReason;
  const before = output.outputTokens ?? 0;
  readTokenCounts(
    num_input_tokens,
    isTokenCount(num_output_tokens) ? before + num_output_tokens : undefined,
    output,
  );
}
