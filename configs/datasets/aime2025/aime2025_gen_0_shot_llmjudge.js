// AIME 2025 (30 problems, whole numbers from 0 to 999), each asked as a chat message; another model judges the answers.
//
// The data is not shipped: put aime2025.jsonl, or the two files of the data set opencompass/AIME2025 (MIT licence), into
// $AIS_BENCH_DATASETS_CACHE/aime2025/ or ./datasets/aime2025/. Where the judge is: judge_model below, or
// --set datasets.0.judge_infer_cfg.judge_model.host_port=8081.

/** What the judge reads; its reply is looked through for A or B, CORRECT or INCORRECT. */
const verdict = [
  'Compare a reply with the reference answer of a problem. The reference is right; do not solve the problem yourself.',
  'The reply is correct when its final answer means the same as the reference, however it is written (\\boxed{} or not).',
  '',
  'Problem:',
  '{question}',
  '',
  'Reference answer:',
  '{answer}',
  '',
  'Reply:',
  '{model_answer}',
  '',
  'Say A if the reply is correct, B if it is not. Write the one letter and nothing else.',
].join('\n');

export const aime2025_datasets = [
  {
    abbr: 'aime2025',
    type: 'Aime2025Dataset',
    path: 'ais_bench/datasets/aime2025',
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt: '{question}\nReason step by step, and put your final answer within \\boxed{}.',
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    judge_infer_cfg: {
      judge_model: {
        attr: 'service',
        type: 'VLLMCustomAPIChat',
        abbr: 'judge', // scores are named aime2025-judge
        model: '', // empty: asked from the service's v1/models
        stream: true,
        host_ip: 'localhost',
        host_port: 8080,
        max_out_len: 512,
        batch_size: 1,
        generation_kwargs: { temperature: 0.01, ignore_eos: false },
      },
      judge_reader_cfg: {
        input_columns: ['question', 'answer', 'model_answer'],
        output_column: 'model_pred_uuid',
      },
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          begin: [
            {
              role: 'SYSTEM',
              fallback_role: 'HUMAN',
              prompt: 'You check answers against a reference and give a verdict.',
            },
          ],
          round: [{ role: 'HUMAN', prompt: verdict }],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'LLMJudgeCorrectEvaluator' },
      pred_postprocessor: { type: 'get_a_or_b' },
    },
  },
];
