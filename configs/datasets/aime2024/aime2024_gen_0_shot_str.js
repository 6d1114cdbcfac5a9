// AIME 2024 (30 problems, whole numbers from 0 to 999), each asked as plain text.
//
// The data is not shipped: put aime.jsonl of OpenCompass's data files (rows origin_prompt, gold_answer) into
// $AIS_BENCH_DATASETS_CACHE/aime2024/ (or aime/) or ./datasets/aime2024/. Format unseen: read from a description.
//
// One problem is 3.3 points: read the interval, or ask each problem several times (`n`, `k`).

export const aime2024_datasets = [
  {
    abbr: 'aime2024',
    type: 'Aime2024Dataset',
    path: 'ais_bench/datasets/aime2024',
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: '{question}\nReason step by step, and put your final answer within \\boxed{}.',
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'MATHEvaluator', version: 'v2' },
      pred_postprocessor: { type: 'math_postprocess_v2' },
      rules: 'fixed', // 'compat' makes AISBench's comparison of texts the headline; both are always computed
    },
  },
];
