/** The shipped model configs, against the table of AISBench's (`aisbench.md` §2.1) and the rows that we add to it. */
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog.ts';
import { serviceModelSchema } from '../../config/schema.ts';
import type { APIModelClass } from '../../contract/class-ref.ts';

/** Fields that every shipped config has, with their values unless a row says otherwise. */
const COMMON = {
  attr: 'service',
  path: '',
  model: '',
  stream: false,
  request_rate: 0,
  use_timestamp: false,
  retry: 2,
  api_key: '',
  host_ip: 'localhost',
  host_port: 8080,
  url: '',
  max_out_len: 512,
  batch_size: 1,
  trust_remote_code: false,
  generation_kwargs: { temperature: 0.01, ignore_eos: false },
};

type Row = [name: string, type: string, abbr: string, fields?: Record<string, unknown>];

const reasoning = { pred_postprocessor: { type: 'extract_non_reasoning_content' } };
/** Fields that are absent. */
const without = (...keys: string[]) => Object.fromEntries(keys.map((key) => [key, undefined]));
const triton = { ...without('model'), model_name: '', parameters_at: 'auto' };

const AISBENCH: Row[] = [
  ['vllm_api_general', 'VLLMCustomAPI', 'vllm-api-general'],
  ['vllm_api_general_stream', 'VLLMCustomAPI', 'vllm-api-general-stream', { stream: true }],
  ['vllm_api_general_chat', 'VLLMCustomAPIChat', 'vllm-api-general-chat', reasoning],
  ['vllm_api_stream_chat', 'VLLMCustomAPIChat', 'vllm-api-stream-chat', { stream: true, ...reasoning }],
  [
    'vllm_api_stream_chat_multiturn',
    'VLLMCustomAPIChat',
    'vllm-multiturn-api-chat-stream',
    { stream: true, ...reasoning, ...without('use_timestamp') },
  ],
  [
    'vllm_api_function_call_chat',
    'VLLMCustomAPIChat',
    'vllm-api-function-call-chat',
    { max_out_len: 10240, returns_tool_calls: true },
  ],
  ['mindie_stream_api_general', 'MindieStreamApi', 'mindie-stream-api', { stream: true }],
  ['tgi_api_general', 'TGICustomAPI', 'tgi-api-general'],
  ['tgi_stream_api_general', 'TGICustomAPI', 'tgi-stream-api-general', { stream: true }],
  ['triton_api_general', 'TritonCustomAPI', 'triton-api-general', triton],
  ['triton_stream_api_general', 'TritonCustomAPI', 'triton-stream-api-general', { ...triton, stream: true }],
  ['vita_generate_chat', 'VITAGenerateAPI', 'vita-generate-chat', { host_port: 1025, model: 'vita' }],
];

const strict = { generation_kwargs: { temperature: 0.01 }, ...reasoning };

const ollama = { host_port: 11434, endpoint: 'chat', ...strict };
const gemini = { url: 'https://generativelanguage.googleapis.com/', max_out_len: 4096, ...strict };
const { generation_kwargs } = strict;

const OURS: Row[] = [
  ['vllm_api_old', 'VLLMCustomAPIOld', 'vllm-api-old'],
  ['mindie_tgi_api_general', 'TGICustomAPI', 'mindie-tgi-api-general'],
  ['mindie_tgi_stream_api_general', 'TGICustomAPI', 'mindie-tgi-stream-api-general', { stream: true }],
  ['mindie_vllm_api_general', 'VLLMCustomAPIOld', 'mindie-vllm-api-general'],
  [
    'mindie_vllm_stream_api_general',
    'VLLMCustomAPIOld',
    'mindie-vllm-stream-api-general',
    { stream: true, stream_text: 'incremental' },
  ],
  ['openai_responses', 'OpenAIResponses', 'openai-responses', strict],
  ['openai_responses_stream', 'OpenAIResponses', 'openai-responses-stream', { ...strict, stream: true }],
  ['anthropic_messages', 'AnthropicMessages', 'anthropic-messages', strict],
  [
    'anthropic_messages_stream',
    'AnthropicMessages',
    'anthropic-messages-stream',
    { ...strict, stream: true },
  ],
  ['ollama_api', 'OllamaAPI', 'ollama-api', ollama],
  ['ollama_api_stream', 'OllamaAPI', 'ollama-api-stream', { ...ollama, stream: true }],
  ['gemini_api', 'GeminiAPI', 'gemini-api', gemini],
  ['gemini_api_stream', 'GeminiAPI', 'gemini-api-stream', { ...gemini, stream: true, stream_framing: 'sse' }],
  ['sglang_api', 'SGLangAPI', 'sglang-api', { host_port: 30000, generation_kwargs }],
  [
    'sglang_api_stream',
    'SGLangAPI',
    'sglang-api-stream',
    { host_port: 30000, generation_kwargs, stream: true },
  ],
  ['llamacpp_api', 'LlamaCppAPI', 'llamacpp-api', { generation_kwargs }],
  ['llamacpp_api_stream', 'LlamaCppAPI', 'llamacpp-api-stream', { generation_kwargs, stream: true }],
  ['triton_grpc', 'TritonGRPC', 'triton-grpc', { host_port: 8001, generation_kwargs }],
  [
    'triton_grpc_stream',
    'TritonGRPC',
    'triton-grpc-stream',
    { host_port: 8001, generation_kwargs, stream: true },
  ],
];

const files = readdirSync('configs/models', { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.js'),
);

async function modelsOf(name: string): Promise<readonly Record<string, unknown>[]> {
  const file = files.find((one) => basename(one) === `${name}.js`);
  expect(file, `configs/models/**/${name}.js`).toBeDefined();
  return (await import(pathToFileURL(resolve(join('configs/models', file!))).href)).models;
}

describe.each([...AISBENCH, ...OURS])('%s', (name, type, abbr, fields = {}) => {
  it('has the fields and values of its row', async () => {
    expect(await modelsOf(name)).toEqual([{ ...COMMON, type, abbr, ...fields }]);
  });

  it('is valid for its class', async () => {
    const [config = {}] = await modelsOf(name);
    const modelClass = (await catalog.models[type as keyof typeof catalog.models]()) as APIModelClass;
    const common = Object.entries(config).filter(([key]) => !modelClass.extraOptions.includes(key));
    expect(serviceModelSchema.safeParse(Object.fromEntries(common)).error).toBeUndefined();
  });
});

it('no service config is left out of the table', async () => {
  const known = [...AISBENCH, ...OURS].map(([name]) => name);
  for (const name of files.map((file) => basename(file, '.js'))) {
    const isService = (await modelsOf(name)).some(({ attr }) => attr === 'service');
    if (isService) expect(known).toContain(name);
  }
});
