// HLE, Humanity's Last Exam (of its 2,500 questions those without an image), for chat models; another model judges the answers. Scores:
// accuracy, and calibration_error, how far the confidence that the answers state is from how often they are right.
//
// The data is not shipped: accept the terms of Hugging Face, cais/hle (MIT), and put data/test-00000-of-00001.parquet into
// $AIS_BENCH_DATASETS_CACHE/hle/data/ or ./datasets/hle/data/. Its authors ask that no question be put on the web. Format unseen.
//
// Where the judge is: judge_model below, or --set datasets.0.judge_infer_cfg.judge_model.host_port=8081.

const form = [
  'Answer in this form:',
  'Explanation: (why)',
  'Answer: (the answer alone)',
  'Confidence: (how sure you are, from 0% to 100%)',
].join('\n');

/** What the judge reads; its reply is JSON of the form below. */
const verdict = [
  'Decide whether a response answers a question correctly. The correct answer is given; do not solve the question yourself, and argue for no other answer.',
  '',
  'Question:',
  '{question}',
  '',
  'Response:',
  '{model_answer}',
  '',
  'Correct answer:',
  '{answer}',
  '',
  'Reply with one JSON object of these fields:',
  'extracted_final_answer: the final answer of the response, word by word; "None" where it gives none',
  'reasoning: how that answer and the correct one differ, as far as it matters',
  'correct: "yes" if both mean the same, or differ by a small error of rounding; "no" otherwise, also where the response is ambiguous',
  'confidence: the confidence that the response states, a whole number from 0 to 100; 100 where it states none',
  'strict: true',
].join('\n');

/** For services that can be held to a schema; take it out of generation_kwargs for others. */
const response_format = {
  type: 'json_schema',
  json_schema: {
    name: 'ExtractedAnswer',
    strict: true,
    schema: {
      type: 'object',
      properties: {
        extracted_final_answer: { type: 'string' },
        reasoning: { type: 'string' },
        correct: { type: 'string', enum: ['yes', 'no'] },
        confidence: { type: 'integer' },
        strict: { type: 'boolean', const: true },
      },
      required: ['extracted_final_answer', 'reasoning', 'correct', 'confidence', 'strict'],
      additionalProperties: false,
    },
  },
};

export const hle_datasets = [
  {
    abbr: 'hle',
    type: 'HLEDataset',
    path: 'ais_bench/datasets/hle/data/test-00000-of-00001.parquet',
    reader_cfg: { input_columns: ['question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          begin: [{ role: 'SYSTEM', fallback_role: 'HUMAN', prompt: form }],
          round: [{ role: 'HUMAN', prompt: '{question}' }],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    judge_infer_cfg: {
      judge_model: {
        attr: 'service',
        type: 'VLLMCustomAPIChat',
        abbr: 'judge', // scores are named hle-judge
        model: '', // empty: asked from the service's v1/models
        stream: false,
        host_ip: 'localhost',
        host_port: 8080,
        max_out_len: 8192,
        batch_size: 100,
        retry: 2,
        generation_kwargs: {
          temperature: 0.01,
          seed: 0,
          response_format,
          chat_template_kwargs: { enable_thinking: false },
        },
      },
      judge_reader_cfg: {
        input_columns: ['question', 'answer', 'model_answer'],
        output_column: 'model_pred_uuid',
      },
      prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt: verdict }] } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'HLEJudgeEvaluator' },
      pred_postprocessor: { type: 'hle_verdict' },
    },
  },
];
