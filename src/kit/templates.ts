/** What `ais_bench new api-model` writes: the guide's example, working as it is against `v1/completions`. */

export const API_MODEL_CLASS = `import { BaseAPIModel, type PromptType, type RequestArgs, type RequestOutput, toText } from 'ais-bench';

/**
 * A model behind a service of your own. As written it speaks \`v1/completions\` as vLLM, llama.cpp's server and
 * \`ais_bench serve\` do; make each method say what your service says. Sending, retrying, timing and recording are done
 * for you. \`this.options\` holds the fields of {{config}}
 * in camelCase: this.options.maxOutLen, this.options.generationKwargs, …
 */
export class {{className}} extends BaseAPIModel {
  /** Config keys of this class alone: 'reply_language' here makes that key arrive as this.options.replyLanguage. */
  static override readonly extraOptions: readonly string[] = [];

  /** Required. Absolute URL that requests are posted to. \`this.baseUrl\` comes from url, or from host_ip and host_port. */
  getUrl(): string {
    return new URL('v1/completions', this.baseUrl).href;
  }

  /**
   * Required. The JSON body of one request; the same arguments must give an equal body. May be async.
   *
   * - input: a text, or messages [{ role, content }, …]; toText(input) and toMessages(input) make one of the other
   * - maxOutLen: largest number of tokens to generate
   * - output: what you keep in output.extraDetailsData is stored beside the answer
   * - args: { index, repetition, conversationId, turn }: which row of the dataset this is
   */
  getRequestBody(input: PromptType, maxOutLen: number, output: RequestOutput, args: RequestArgs): object {
    const { stream, generationKwargs } = this.options;
    output.extraDetailsData['row'] = args.index;
    return {
      model: this.getServiceModelPath(), // the config's model; empty: asked from v1/models
      prompt: toText(input),
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
      ...generationKwargs,
      max_tokens: maxOutLen,
    };
  }

  /** For stream: false. \`data\` is the JSON of the whole reply. Without this method the model only streams. May be async. */
  override parseTextResponse(data: any, output: RequestOutput): void {
    output.content = data.choices[0].text;
    output.finishReason = data.choices[0].finish_reason; // 'stop'; 'length': cut at max_out_len
    this.#readUsage(data, output);
  }

  /**
   * For stream: true and for --mode perf. \`data\` is the JSON of one event. Add what the event brought to output.content,
   * or set output.content to the whole text so far: both work. The event that first brings text is the first token.
   * May be async.
   */
  override parseStreamResponse(data: any, output: RequestOutput): void {
    const [choice] = data.choices;
    output.content += choice?.text ?? '';
    output.finishReason = choice?.finish_reason ?? output.finishReason;
    this.#readUsage(data, output);
  }

  /** Optional. Whether a stream that ended was whole; without this method a clean end is enough. */
  override streamIsComplete(output: RequestOutput, sawDone: boolean): boolean {
    return sawDone || output.finishReason !== undefined;
  }

  /** Optional. Headers beside Content-Type and, where api_key is set, Authorization: Bearer <api_key>. */
  override headers(): Record<string, string> {
    return {};
  }

  /** Tokens as the service counts them. Where it does not count, the tokenizer at the config's path does. */
  #readUsage(data: any, output: RequestOutput): void {
    if (!data.usage) return;
    output.inputTokens = data.usage.prompt_tokens;
    output.outputTokens = data.usage.completion_tokens;
  }
}
`;

export const API_MODEL_CONFIG = `import { {{className}} } from '{{classImport}}';

export const models = [
  {
    attr: 'service', // (required) a model behind a service
    type: {{className}}, // (required) the class; '{{className}}' in quotes does too
    abbr: '{{snake}}', // (required) unique name of the model; names the result files
    path: '', // (optional) folder of the tokenizer: counts tokens where the service does not
    model: '', // (optional) the model's name at the service; empty: this.getServiceModelPath() asks v1/models for it
    stream: false, // (optional) whether replies are streamed; true gives TTFT and TPOT
    request_rate: 0, // (optional) requests per second; 0 sends as fast as batch_size lets
    retry: 2, // (optional) how often a failed request is sent again
    api_key: '', // (optional) sent as Authorization: Bearer <api_key>; never written anywhere
    host_ip: 'localhost', // (optional) host of the service
    host_port: 8080, // (optional) port of the service
    url: '', // (optional) base URL of the service, instead of host_ip and host_port
    max_out_len: 512, // (optional) largest number of tokens to generate
    batch_size: 1, // (optional) largest number of requests in flight
    trust_remote_code: false, // (optional) kept for AISBench's configs; no remote code is ever run
    // (optional) sent as it is with every request; what there is, your service's documentation says
    generation_kwargs: { temperature: 0.01, ignore_eos: false },
  },
];
`;

export const API_MODEL_TEST = `// Run it with: node --test {{test}}
import { test } from 'node:test';
import { importModule, streamReply, testServiceModel, textReply } from 'ais-bench/testing';

const { {{className}} } = await importModule('./{{snake}}.ts', import.meta.url);

// Replace these by replies of your own service: \`ais_bench check {{snake}}\` shows them.
const usage = { prompt_tokens: 7, completion_tokens: 2 };
const text = textReply({ choices: [{ text: 'It is 42.', finish_reason: 'stop' }], usage });
const stream = streamReply([
  { choices: [{ text: 'It', finish_reason: null }] },
  { choices: [{ text: ' is', finish_reason: null }] },
  { choices: [{ text: ' 42', finish_reason: null }] },
  { choices: [{ text: '.', finish_reason: 'stop' }] },
  { choices: [], usage },
]);

// The checks that every shipped model passes; both replies must come to the same answer.
testServiceModel(test, { create: (options) => new {{className}}(options), recordings: { text, stream } });
`;

/** What `ais_bench new local-model` writes: the guide's example, working as it is without weights. */

export const LOCAL_MODEL_CLASS = `import { BaseModel, type GenerateArgs, type PromptType, toText } from 'ais-bench';

/**
 * A model that is loaded in this process. As written it says the prompt's last words again, a word a token, and needs no
 * weights; put your own inference in. \`this.options\` holds the fields of {{config}}
 * in camelCase: this.options.path, this.options.maxSeqLen, this.options.generationKwargs, and every key you add there.
 */
export class {{className}} extends BaseModel {
  #loaded = false;

  /** Optional. Loads tokenizer and weights from this.options.path; called once, before the first batch. */
  override async load(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#loaded = true;
  }

  /**
   * Required. Answers a batch of at most batch_size prompts with as many texts, in the same order. Throwing fails the
   * prompts of this batch and no others.
   *
   * - inputs: each a text, or messages [{ role, content }, …]; toText and toMessages make one of the other
   * - maxOutLen: largest number of tokens to generate
   * - signal: aborts when the run is stopped (Ctrl-C twice)
   */
  async generate(
    inputs: readonly PromptType[],
    maxOutLen: number,
    { signal }: GenerateArgs,
  ): Promise<readonly string[]> {
    signal.throwIfAborted();
    if (!this.#loaded) throw new Error('load was not called');
    return inputs.map((input) => this.#words(toText(input)).slice(-maxOutLen).join(' '));
  }

  /** Optional. Tokens of a text by the model's own tokenizer; without it a run counts none. */
  override getTokenLen(text: string): number {
    return this.#words(text).length;
  }

  /** Optional. Frees what load took; called once, after the last batch. */
  override async close(): Promise<void> {
    this.#loaded = false;
  }

  #words(text: string): string[] {
    return text.split(/\\s+/).filter((word) => word !== '');
  }
}
`;

export const LOCAL_MODEL_CONFIG = `import { {{className}} } from '{{classImport}}';

export const models = [
  {
    attr: 'local', // (required) a model that is loaded in this process
    type: {{className}}, // (required) the class; '{{className}}' in quotes does too
    abbr: '{{snake}}', // (required) unique name of the model; names the result files
    path: 'THUDM/chatglm-6b', // (required) where weights and tokenizer lie
    max_out_len: 100, // (required) largest number of tokens to generate
    batch_size: 1, // (required) prompts that are answered together
    max_seq_len: 2048, // (required) longest sequence, prompt and answer together
    // (optional) what there is, the model's documentation says
    generation_kwargs: { temperature: 0.0, stop_token_ids: null },
    // Any further key is your class's: my_key arrives as this.options.myKey.
  },
];
`;

export const LOCAL_MODEL_TEST = `// Run it with: node --test {{test}}
import { test } from 'node:test';
import { importModule, testLocalModel } from 'ais-bench/testing';

const { {{className}} } = await importModule('./{{snake}}.ts', import.meta.url);

testLocalModel(test, {
  create: (options) => new {{className}}(options),
  options: { path: 'THUDM/chatglm-6b' },
});
`;
