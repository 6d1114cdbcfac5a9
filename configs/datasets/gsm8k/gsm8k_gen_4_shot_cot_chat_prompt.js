// GSM8K (1,319 grade-school word problems), four worked examples, for chat models.
//
// The data is not shipped: put train.jsonl and test.jsonl of github.com/openai/grade-school-math (MIT licence) into
// $AIS_BENCH_DATASETS_CACHE/gsm8k/ or ./datasets/gsm8k/. To try the tool without it, use
// demo_gsm8k_gen_4_shot_cot_chat_prompt.
//
// A row has the columns question, answer (as in the file), worked (the solution as an example shows it) and gold (the
// number). A chat model gets nine messages: user and assistant in turn for the examples, then the asked question.

/** The words around a question, the same in examples and in what is asked. */
const ask = { role: 'HUMAN', prompt: "Question: {question}\nLet's think step by step\nAnswer:" };

export const gsm8k_datasets = [
  {
    abbr: 'gsm8k',
    type: 'GSM8KDataset',
    path: 'ais_bench/datasets/gsm8k',
    reader_cfg: {
      input_columns: ['question'],
      output_column: 'answer', // kept as the reference, never shown with the asked question
      // test_range: '[0:100]' asks the first hundred rows, test_range: 100 a random hundred
    },
    infer_cfg: {
      ice_template: {
        type: 'PromptTemplate',
        template: { round: [ask, { role: 'BOT', prompt: '{worked}\n' }] },
      },
      prompt_template: {
        type: 'PromptTemplate',
        template: { begin: '</E>', round: [ask] },
        ice_token: '</E>', // the examples go here
      },
      retriever: { type: 'FixKRetriever', fix_id_list: [7364, 1708, 669, 6724] }, // rows of train.jsonl, from 0
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'Gsm8kEvaluator' },
      pred_postprocessor: { type: 'gsm8k_postprocess' },
      dataset_postprocessor: { type: 'gsm8k_dataset_postprocess' },
      rules: 'fixed', // 'compat' makes AISBench's reading of numbers the headline; both are always computed
    },
  },
];
