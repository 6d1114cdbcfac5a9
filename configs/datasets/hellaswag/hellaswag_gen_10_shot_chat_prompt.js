// HellaSwag (10,042 beginnings with four endings), ten worked examples, for chat models.
//
// The data is not shipped: put hellaswag_val.jsonl of github.com/rowanz/hellaswag (MIT licence), or the hellaswag.jsonl that
// OpenCompass made of it, into $AIS_BENCH_DATASETS_CACHE/hellaswag/ or ./datasets/hellaswag/. Format unseen.
// The worked examples are the first rows of hellaswag_train_sampled25.jsonl (OpenCompass) or of hellaswag_train.jsonl.

const ask = { role: 'HUMAN', prompt: '{ctx}\nA) {A}\nB) {B}\nC) {C}\nD) {D}\nWhich option is right?' };

export const hellaswag_datasets = [
  {
    abbr: 'hellaswag',
    type: 'HellaswagDatasetwithICE',
    path: 'ais_bench/datasets/hellaswag',
    reader_cfg: { input_columns: ['ctx', 'A', 'B', 'C', 'D'], output_column: 'label' },
    infer_cfg: {
      ice_template: {
        type: 'PromptTemplate',
        template: { round: [ask, { role: 'BOT', prompt: '{label}\n' }] },
      },
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          begin: [
            {
              role: 'HUMAN',
              prompt: 'Continue each text with the option that fits, and say nothing else.\n',
            },
            '</E>',
          ],
          round: [ask],
        },
        ice_token: '</E>', // the examples go here
      },
      retriever: { type: 'FixKRetriever', fix_id_list: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'AccwithDetailsEvaluator' },
      pred_postprocessor: { type: 'first_option_postprocess', options: 'ABCD' },
    },
  },
];
