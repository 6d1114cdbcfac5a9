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
