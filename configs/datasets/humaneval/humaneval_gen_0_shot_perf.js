// HumanEval for performance runs: each prompt is the bare head of a function, as plain text.
//
// The data is not shipped: put HumanEval.jsonl.gz of github.com/openai/human-eval (MIT licence), packed or unpacked, into
// $AIS_BENCH_DATASETS_CACHE/humaneval/ or ./datasets/humaneval/.

export const humaneval_datasets = [
  {
    abbr: 'openai_humaneval',
    type: 'HumanevalDataset',
    path: 'ais_bench/datasets/humaneval',
    reader_cfg: { input_columns: ['prompt'], output_column: 'task_id' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: '{prompt}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'HumanEvalEvaluator' },
      pred_postprocessor: { type: 'humaneval_postprocess_v2' },
    },
  },
];
