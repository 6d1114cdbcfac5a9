/** A chat model of images, videos and text from local files, over transformers. */
export const models = [
  {
    attr: 'local',
    type: 'HuggingFaceQwen2VLwithChatTemplate',
    abbr: 'hf-qwenvl-model',
    path: 'Qwen/Qwen2.5-VL-3B-Instruct',
    model_kwargs: { device_map: 'auto', torch_dtype: 'auto' },
    vision_kwargs: { fps: 2, nframe: 128 },
    generation_kwargs: { do_sample: false },
    max_out_len: 512,
    max_seq_len: 32_768,
    batch_size: 8,
  },
];
