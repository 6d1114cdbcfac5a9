// GSM8K (1,319 grade-school word problems), four worked examples, as plain text: for base models and completions.
//
// The data is not shipped: put train.jsonl and test.jsonl of github.com/openai/grade-school-math (MIT licence) into
// $AIS_BENCH_DATASETS_CACHE/gsm8k/ or ./datasets/gsm8k/.

/** The words around a question, the same in examples and in what is asked. */
const ask = "Question: {question}\nLet's think step by step\nAnswer:\n";

export const gsm8k_datasets = [
  {
    abbr: 'gsm8k',
    type: 'GSM8KDataset',
    path: 'ais_bench/datasets/gsm8k',
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      ice_template: { type: 'PromptTemplate', template: `${ask}{worked}\n` },
      prompt_template: { type: 'PromptTemplate', template: `</E>${ask}`, ice_token: '</E>' }, // the examples go here
      retriever: { type: 'FixKRetriever', fix_id_list: [7364, 1708, 669, 6724] }, // rows of train.jsonl, from 0
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'Gsm8kEvaluator' },
      pred_postprocessor: { type: 'gsm8k_postprocess' },
      dataset_postprocessor: { type: 'gsm8k_dataset_postprocess' },
    },
  },
];
