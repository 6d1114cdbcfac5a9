/** A chat model of text, images and videos in vLLM, without a service. */
export const models = [
  {
    attr: 'local',
    type: 'VLLMOfflineVLModel',
    abbr: 'vllm-offline-vl-model',
    path: 'Qwen/Qwen2.5-VL-3B-Instruct',
    model_kwargs: { dtype: 'auto' },
    sample_kwargs: { temperature: 0 },
    vision_kwargs: { fps: 2, nframe: 128 },
    max_out_len: 512,
    max_seq_len: 32_768,
    batch_size: 8,
  },
];
