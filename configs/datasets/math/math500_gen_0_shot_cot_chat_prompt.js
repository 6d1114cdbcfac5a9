// MATH-500 (500 problems of American competitions), for chat models; answers are compared as what they mean.
//
// The data is not shipped: put test.jsonl of github.com/openai/prm800k (folder prm800k/math_splits, MIT licence) into
// $AIS_BENCH_DATASETS_CACHE/math/ (or math500/) or ./datasets/math/.
//
// AISBench has math-verify judge here. Ours is a reader of its own (src/evaluate/math), under both rule sets; engine: 'auto' or
// 'math-verify' of the evaluator asks that package (docs/scoring.md).

export const math_datasets = [
  {
    abbr: 'math_prm800k_500',
    type: 'Math500Dataset',
    path: 'ais_bench/datasets/math',
    reader_cfg: { input_columns: ['problem'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt: '{problem}\nReason step by step, and put your final answer within \\boxed{}.',
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'MATHEvaluator' },
      pred_postprocessor: { type: 'math_answer_postprocess' },
    },
  },
];
