import { BaseAPIModel, endpointUrl, type RequestArgs } from '../../contract/base-api-model.ts';
import type { RequestOutput } from '../../contract/output.ts';
import { type PromptType, toText } from '../../contract/prompt-list.ts';
import { readChoice, refuseAdapter, refuseMedia } from './own-option.ts';
import { asList, asText } from './reply.ts';

/** Inputs that backends call the length, the likeliest first. */
const LENGTH_INPUTS = ['max_tokens', 'max_new_tokens', 'request_output_len', 'max_output_len'] as const;

/** What the server's config says of a model. */
interface ModelInputs {
  readonly names: ReadonlySet<string>;
  /** It can send several responses to a request. */
  readonly streams: boolean;
}

/**
 * Triton's generate extension, `v2/models/{model}/generate` and `generate_stream` (AISBench §2.3, App. A.5). Its streams
 * say neither that they are complete nor how many tokens they had, and without `stream: true` a backend sends one event.
 */
export class TritonCustomAPI extends BaseAPIModel {
  /**
   * `parameters_at`: `parameters` sends AISBench's body, as MindIE takes it; `top_level` puts the same keys beside
   * `text_input`, with `stream`, as stock backends take them; `auto` chooses by the inputs in the server's config of the model.
   * `max_tokens_field`: what the backend calls the length; else as the config calls it, `max_new_tokens` in `parameters`,
   * `max_tokens` at top level.
   */
  static override readonly extraOptions: readonly string[] = ['parameters_at', 'max_tokens_field'];

  static override readonly chunksAreTokens = false;

  readonly #parametersAt = readChoice(this.options, 'parameters_at', ['auto', 'parameters', 'top_level']);
  #inputs: ModelInputs = { names: new Set(), streams: false };

  getUrl(): string {
    return this.#modelUrl(this.options.stream ? '/generate_stream' : '/generate');
  }

  /** Reads the server's config of the model, or its metadata where there is no config. MindIE's name no input of a stock backend. */
  override async discover(getJson: (url: string) => Promise<unknown>): Promise<void> {
    const found: any = (await getJson(this.#modelUrl('/config'))) ?? (await getJson(this.#modelUrl('')));
    const names = new Set(asList(found?.input ?? found?.inputs).map((input) => asText(input?.name)));
    this.#inputs = { names, streams: found?.model_transaction_policy?.decoupled === true };
  }

  getRequestBody(input: PromptType, maxOutLen: number, _output: RequestOutput, args: RequestArgs): object {
    refuseAdapter('TritonCustomAPI', args);
    refuseMedia('TritonCustomAPI', input);
    const { stream, generationKwargs } = this.options;
    const request = { id: `${args.conversationId}-${args.turn}`, text_input: toText(input) };
    const isAtTop = this.#isAtTop();
    const length = { [this.#lengthField(isAtTop ? 'max_tokens' : 'max_new_tokens')]: maxOutLen };
    if (isAtTop) return { ...request, ...generationKwargs, stream, ...length };
    const streaming = this.#takesStream() ? { stream } : {};
    return { ...request, parameters: { ...streaming, ...generationKwargs, ...length } };
  }

  #modelUrl(endpoint: string): string {
    const model = encodeURIComponent(this.getServiceModelPath());
    return endpointUrl(this.baseUrl, `v2/models/${model}${endpoint}`);
  }

  #isAtTop(): boolean {
    if (this.#parametersAt !== 'auto') return this.#parametersAt === 'top_level';
    return this.#takesStream() || this.#lengthInput() !== undefined;
  }

  #takesStream(): boolean {
    return this.#inputs.names.has('stream') || this.#inputs.streams;
  }

  #lengthInput(): string | undefined {
    return LENGTH_INPUTS.find((name) => this.#inputs.names.has(name));
  }

  #lengthField(usual: string): string {
    return String(this.options.maxTokensField ?? this.#lengthInput() ?? usual);
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
