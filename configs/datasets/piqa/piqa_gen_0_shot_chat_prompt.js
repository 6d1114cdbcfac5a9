// PIQA (1,838 goals with two ways to reach them), no worked examples, for chat models. The last option letter of the reply is the
// answer.
//
// The data is not shipped: put dev.jsonl and dev-labels.lst of physicaliqa-train-dev.zip, yonatanbisk.com/piqa (Academic Free
// License 3.0), into $AIS_BENCH_DATASETS_CACHE/physicaliqa-train-dev/ or ./datasets/physicaliqa-train-dev/. Format unseen.

const prompt =
  'Which way reaches the goal? End with a line "Answer: X" (without the quotes), where X is A or B.\n\n' +
  '{goal}\nA. {sol1}\nB. {sol2}';

export const piqa_datasets = [
  {
    abbr: 'piqa',
    type: 'PIQADatasetV2',
    path: 'ais_bench/datasets/physicaliqa-train-dev',
    reader_cfg: {
      input_columns: ['goal', 'sol1', 'sol2'],
      output_column: 'answer', // kept as the reference, never shown with the asked question
      test_split: 'validation',
    },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt }] } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'AccEvaluator' },
      pred_postprocessor: { type: 'last_option_postprocess', options: 'AB' },
    },
  },
];
