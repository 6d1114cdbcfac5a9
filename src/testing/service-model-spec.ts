import type { APIModelOptions, BaseAPIModel } from '../contract/base-api-model.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import type { RecordedReply } from './recorded-reply.ts';

/** A named check; `run` throws where the model does not keep to it. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
}

/** Token counts as a server gave them. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

export interface ServiceModelSpec {
  /** Makes the model with these options, or with more of its own beside them. */
  create(options: APIModelOptions): BaseAPIModel;
  readonly recordings: {
    /** A whole reply. Needed where the class has `parseTextResponse`. */
    readonly text?: RecordedReply;
    /** A streamed reply. Needed where the class has `parseStreamResponse`. */
    readonly stream?: RecordedReply;
    /** Whether both answer the same prompt at temperature 0, so that their texts are equal; true unless said otherwise. */
    readonly sameAnswer?: boolean;
    /** Token counts in the recordings; found by themselves where they have OpenAI's names. */
    readonly usage?: { readonly text?: Usage; readonly stream?: Usage };
  };
  /** What is asked; 'Hello' unless said otherwise. */
  readonly prompt?: PromptType;
}

/** Options for a model under test. */
export function modelOptions(overrides: Partial<APIModelOptions> = {}): APIModelOptions {
  return Object.freeze({
    path: '',
    model: 'model-under-test',
    stream: false,
    maxOutLen: 77,
    retry: 0,
    apiKey: '',
    hostIp: '127.0.0.1',
    hostPort: 8000,
    url: '',
    enableSsl: false,
    trustRemoteCode: false,
    generationKwargs: {},
    ...overrides,
  });
}
