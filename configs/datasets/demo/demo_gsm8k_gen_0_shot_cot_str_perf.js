// Eight word problems of our own for a first performance run: each prompt is the bare question, as plain text. Nothing to
// download: the problems ship with the package. For the real benchmark use gsm8k_gen_0_shot_cot_str_perf.

export const gsm8k_datasets = [
  {
    abbr: 'demo_gsm8k',
    type: 'DemoGSM8KDataset',
    reader_cfg: { input_columns: ['question'], output_column: 'answer', test_range: '[0:8]' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: '{question}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'Gsm8kEvaluator' },
      pred_postprocessor: { type: 'gsm8k_postprocess' },
      dataset_postprocessor: { type: 'gsm8k_dataset_postprocess' },
    },
  },
];
