/** Classes that the package `ais_bench` of the worker ships: what a user's Python class that inherits from one has of it. */

import type { PythonService } from '../contract/class-ref.ts';

type Inherited = Omit<PythonService, 'extraOptions'> & Partial<Pick<PythonService, 'extraOptions'>>;

const BOTH = { parsesText: true, parsesStream: true } as const;
const OPENAI = { ...BOTH, scoresPrompts: true, fixesLength: true } as const;
const TRITON = {
  ...BOTH,
  chunksAreTokens: false,
  extraOptions: ['model_name', 'parameters_at', 'max_tokens_field'],
} as const;

/** Classes of models behind a service (`python/ais_bench/benchmark/models/api_models`). */
export const SERVICE_BASES: Readonly<Record<string, Inherited>> = {
  BaseAPIModel: { parsesText: false, parsesStream: false },
  MindieStreamApi: BOTH,
  TGICustomAPI: BOTH,
  TGICustomAPIStream: BOTH,
  TritonCustomAPI: TRITON,
  TritonCustomAPIStream: TRITON,
  VITAGenerateAPI: BOTH,
  VLLMCustomAPI: OPENAI,
  VLLMCustomAPIChat: OPENAI,
  VLLMCustomAPIChatStream: OPENAI,
  VLLMCustomAPIOld: { ...BOTH, extraOptions: ['stream_text'] },
  VLLMCustomAPIStream: OPENAI,
  VLLMFunctionCallAPIChat: OPENAI,
  VllmMultiturnAPIChatStream: { ...OPENAI, extraOptions: ['custom_client'] },
};

/** Classes of models that the worker loads (`python/ais_bench/benchmark/models/local_models`). */
export const LOCAL_BASES: ReadonlySet<string> = new Set([
  'BaseModel',
  'HuggingFace',
  'HuggingFaceBaseModel',
  'HuggingFaceCausalLM',
  'HuggingFaceQwen2VLwithChatTemplate',
  'HuggingFaceVL',
  'HuggingFacewithChatTemplate',
  'VLLMOfflineVLModel',
]);
