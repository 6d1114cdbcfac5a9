// Eight word problems of our own in GSM8K's form, four worked examples, for chat models. Nothing to download: the problems
// ship with the package. For the real benchmark use gsm8k_gen_4_shot_cot_chat_prompt, which differs only in its data.

/** The words around a question, the same in examples and in what is asked. */
const ask = { role: 'HUMAN', prompt: "Question: {question}\nLet's think step by step\nAnswer:" };

export const gsm8k_datasets = [
  {
    abbr: 'demo_gsm8k',
    type: 'DemoGSM8KDataset',
    reader_cfg: {
      input_columns: ['question'],
      output_column: 'answer', // kept as the reference, never shown with the asked question
      test_range: '[0:8]',
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
      retriever: { type: 'FixKRetriever', fix_id_list: [0, 1, 2, 3] }, // of the eight worked examples
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'Gsm8kEvaluator' },
      pred_postprocessor: { type: 'gsm8k_postprocess' },
      dataset_postprocessor: { type: 'gsm8k_dataset_postprocess' },
    },
  },
];
