/** A base model from local files, over transformers. */
export const models = [
  {
    attr: 'local',
    type: 'HuggingFaceBaseModel',
    abbr: 'hf-base-model',
    path: 'HuggingFaceTB/SmolLM2-135M',
    model_kwargs: { device_map: 'auto', torch_dtype: 'auto' },
    tokenizer_kwargs: { padding_side: 'left', truncation_side: 'left' },
    generation_kwargs: { do_sample: false },
    max_out_len: 512,
    max_seq_len: 2048,
    batch_size: 8,
  },
];
