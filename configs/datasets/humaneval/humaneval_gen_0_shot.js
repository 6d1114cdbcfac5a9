// HumanEval (164 Python functions to be completed from their head and description), for chat models.
//
// The data is not shipped: put HumanEval.jsonl.gz of github.com/openai/human-eval (MIT licence), packed or unpacked, into
// $AIS_BENCH_DATASETS_CACHE/humaneval/ or ./datasets/humaneval/.
//
// Answers are programs. They are run in a sandbox on this machine, with python3, and only where they can be contained:
// docs/scoring-code.md.

export const humaneval_datasets = [
  {
    abbr: 'openai_humaneval',
    type: 'HumanevalDataset',
    path: 'ais_bench/datasets/humaneval',
    reader_cfg: { input_columns: ['prompt'], output_column: 'task_id' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt:
                'Complete the Python function below. Answer with the whole function, imports included, ' +
                'in one code block.\n' +
                '```python\n{prompt}\n```',
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'HumanEvalEvaluator' }, // timeout: 3 (seconds) unless told
      pred_postprocessor: { type: 'humaneval_postprocess_v2' },
    },
  },
];
