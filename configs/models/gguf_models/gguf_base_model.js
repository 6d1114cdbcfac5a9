/** A base model from a GGUF file, in llama.cpp: no Python, no service. */
export const models = [
  {
    attr: 'local',
    type: 'GGUFBaseModel',
    abbr: 'gguf-base-model',
    path: 'SmolLM2-135M.Q4_1.gguf',
    generation_kwargs: { temperature: 0 },
    max_out_len: 512,
    max_seq_len: 2048,
    batch_size: 8,
  },
];
