// MBPP (500 short Python tasks, rows 11 to 510 of the file), three worked examples, for chat models.
//
// The data is not shipped: put mbpp.jsonl of github.com/google-research/google-research (folder mbpp, CC BY 4.0) into
// $AIS_BENCH_DATASETS_CACHE/mbpp/ or ./datasets/mbpp/.
//
// A row has the columns text (the task), test_list (its asserts, a line each) and worked (a solution as an example shows it).
// A chat model gets seven messages: user and assistant in turn for the examples, then the asked task. Answers are programs:
// they are run in a sandbox on this machine, with python3, and only where they can be contained: docs/scoring-code.md.

/** The words around a task, the same in examples and in what is asked. */
const ask = {
  role: 'HUMAN',
  prompt:
    'Write a Python program for this task: {text}\n' +
    'These tests have to pass:\n\n{test_list}\n\n' +
    'Put the program between [BEGIN] and [DONE].',
};

export const mbpp_datasets = [
  {
    abbr: 'mbpp_passk',
    type: 'MBPPDatasetV2',
    path: 'ais_bench/datasets/mbpp',
    reader_cfg: { input_columns: ['text', 'test_list'], output_column: 'test_column' },
    infer_cfg: {
      ice_template: {
        type: 'PromptTemplate',
        template: { round: [ask, { role: 'BOT', prompt: '[BEGIN]\n{worked}\n[DONE]\n' }] },
      },
      prompt_template: {
        type: 'PromptTemplate',
        template: { begin: '</E>', round: [ask] },
        ice_token: '</E>', // the examples go here
      },
      retriever: { type: 'FixKRetriever', fix_id_list: [1, 2, 3] }, // rows of the train split, from 0
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'MBPPPassKEvaluator' }, // timeout: 10 (seconds) unless told
      pred_postprocessor: { type: 'mbpp_postprocess' },
    },
  },
];
