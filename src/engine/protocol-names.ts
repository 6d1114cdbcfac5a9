/** The protocols that the service can speak, besides `v1/models` and `health`. */
export const PROTOCOL_NAMES = [
  'openai',
  'responses',
  'anthropic',
  'triton',
  'tgi',
  'vllm',
  'vita',
  'sglang',
  'llamacpp',
  'ollama',
  'gemini',
  'mindie',
  'metrics',
] as const;

/** One of them. */
export type ProtocolName = (typeof PROTOCOL_NAMES)[number];
