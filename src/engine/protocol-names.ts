/** The protocols that the service can speak; `v1/models` and `health` are always there. */
export const PROTOCOL_NAMES = [
  'openai',
  'responses',
  'anthropic',
  'triton',
  'tgi',
  'vllm',
  'vita',
  'mindie',
  'metrics',
] as const;

export type ProtocolName = (typeof PROTOCOL_NAMES)[number];
