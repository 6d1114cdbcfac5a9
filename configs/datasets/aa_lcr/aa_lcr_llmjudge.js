// AA-LCR (100 questions that take reasoning over several documents, of together some 100,000 tokens each), for chat models; another model
// judges the answers.
//
// The data is not shipped: put AA-LCR_Dataset.csv and extracted_text/AA-LCR_extracted-text.zip, packed or unpacked, of Hugging Face,
// ArtificialAnalysis/AA-LCR (Apache 2.0), into $AIS_BENCH_DATASETS_CACHE/aa_lcr/ or ./datasets/aa_lcr/. Format unseen.
//
// Where the judge is: judge_model below, or --set datasets.0.judge_infer_cfg.judge_model.host_port=8081.

/** What the judge reads; its reply is looked through for CORRECT or INCORRECT. */
const verdict = [
  'Decide whether a candidate answer agrees with the official answer to a question. The official answer is right; the question is here to be understood, not to be solved.',
  '',
  'Question: {question}',
  'Official answer: {answers}',
  'Candidate answer: {model_answer}',
  '',
  'Write CORRECT if the candidate answer agrees with the official one, INCORRECT if it does not, and nothing else.',
].join('\n');

export const aa_lcr_datasets = [
  {
    abbr: 'aa_lcr',
    type: 'AALCRDataset',
    path: 'ais_bench/datasets/aa_lcr',
    reader_cfg: { input_columns: ['input'], output_column: 'answers' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: { round: [{ role: 'HUMAN', prompt: '{input}' }] },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    judge_infer_cfg: {
      judge_model: {
        attr: 'service',
        type: 'VLLMCustomAPIChat',
        abbr: 'judge', // scores are named aa_lcr-judge
        model: '', // empty: asked from the service's v1/models
        stream: false,
        host_ip: 'localhost',
        host_port: 8005,
        max_out_len: 512,
        batch_size: 100,
        retry: 2,
        generation_kwargs: {
          temperature: 0.01,
          seed: 0,
          chat_template_kwargs: { enable_thinking: false },
        },
      },
      judge_reader_cfg: {
        input_columns: ['question', 'answers', 'model_answer'],
        output_column: 'model_pred_uuid',
      },
      prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt: verdict }] } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'AALCRJudgeEvaluator' },
      pred_postprocessor: { type: 'get_a_or_b' },
    },
  },
];
