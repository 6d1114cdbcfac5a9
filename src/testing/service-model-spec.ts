import type { APIModelOptions, BaseAPIModel } from '../contract/base-api-model.ts';
import type { PromptType } from '../contract/prompt-list.ts';
import type { Recording } from './recorded-reply.ts';

/** A named check; `run` throws where the model does not pass. */
export interface Check {
  readonly name: string;
  run(): Promise<void>;
}

/** Token counts of a server. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** What `testServiceModel` needs to know about a class. */
export interface ServiceModelSpec {
  /** Makes the model with these options, or with more of its own beside them. */
  create(options: APIModelOptions): BaseAPIModel;
  readonly recordings: {
    /** What the service sends in text mode. Needed where the class has `parseTextResponse`. */
    readonly text?: Recording;
    /** What the service sends in stream mode. Needed where the class has `parseStreamResponse`. */
    readonly stream?: Recording;
    /**
     * An error inside a stream in the service's own form, and the words of it that the failure must hold: the bytes of one frame, or a
     * message. Only for the framings `sse-events` and `bytes` and for exchanges: where events are JSON, the suite knows how errors look.
     */
    readonly error?: { readonly frame: unknown; readonly says: string };
    /** Whether both answer the same prompt at temperature 0, so that their texts are equal (default: true). */
    readonly sameAnswer?: boolean;
    /** Token counts in the recordings; read from the recordings where they have OpenAI's names. */
    readonly usage?: { readonly text?: Usage; readonly stream?: Usage };
  };
  /** Default: 'Hello'. */
  readonly prompt?: PromptType;
}

/** Makes options for a model under test. */
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
