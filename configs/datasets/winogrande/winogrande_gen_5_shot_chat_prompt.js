// WinoGrande (1,267 sentences with a gap and two words for it), five worked examples, for chat models. The last option letter of
// the reply is the answer.
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
    type: 'WinograndeDatasetV3',
    path: 'ais_bench/datasets/winogrande',
    reader_cfg: {
      input_columns: ['prompt', 'only_option1', 'only_option2'],
      output_column: 'answer', // kept as the reference, never shown with the asked question
      train_split: 'train_xs',
      test_split: 'dev',
    },
    infer_cfg: {
      ice_template: {
        type: 'PromptTemplate',
        template: { round: [ask, { role: 'BOT', prompt: 'Answer: {answer}' }] },
      },
      prompt_template: {
        type: 'PromptTemplate',
        template: { begin: '</E>', round: [ask] },
        ice_token: '</E>', // the examples go here
      },
      retriever: { type: 'FixKRetriever', fix_id_list: [0, 2, 4, 6, 8] }, // rows of train_xs.jsonl, from 0
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'AccwithDetailsEvaluator' },
      pred_postprocessor: { type: 'last_option_postprocess', options: 'AB' },
    },
  },
];
