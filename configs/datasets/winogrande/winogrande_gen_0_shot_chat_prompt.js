// WinoGrande (1,267 sentences with a gap and two words for it), no worked examples, for chat models. The last option letter of the
// reply is the answer.
//
// The data is not shipped: put dev.jsonl and train_xs.jsonl of winogrande_1.1.zip, github.com/allenai/winogrande (CC BY), into
// $AIS_BENCH_DATASETS_CACHE/winogrande/ or ./datasets/winogrande/. Format unseen.

const ask = {
  role: 'HUMAN',
  prompt:
    'Which word belongs in the gap "_"? End with a line "Answer: X" (without the quotes), where X is A or B.\n\n' +
    'Sentence: {prompt}\nA. {only_option1}\nB. {only_option2}',
};

export const winogrande_datasets = [
  {
    abbr: 'winogrande',
    type: 'WinograndeDatasetV2',
    path: 'ais_bench/datasets/winogrande',
    reader_cfg: { input_columns: ['prompt', 'only_option1', 'only_option2'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: { round: [ask] } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'AccEvaluator' },
      pred_postprocessor: { type: 'last_option_postprocess', options: 'AB' },
    },
  },
];
