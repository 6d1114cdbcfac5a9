// What the LiveCodeBench configs share.

/** The one entry: the problems of a release, such as `v6` (that alone) or `release_v1` (the first). */
export function entries(release_version) {
  return [
    {
      abbr: 'lcb_code_generation',
      type: 'LCBCodeGenerationDataset',
      path: 'ais_bench/datasets/code_generation_lite',
      release_version, // start_date, end_date ('2025-01-31'): of the contests
      reader_cfg: { input_columns: ['question_content', 'format_prompt'], output_column: 'question_id' },
      infer_cfg: {
        prompt_template: {
          type: 'PromptTemplate',
          template: {
            round: [
              {
                role: 'HUMAN',
                prompt:
                  '### Problem:\n{question_content}\n\n### What to write:\n{format_prompt}### Solution, in one code block:\n\n',
              },
            ],
          },
        },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
      eval_cfg: {
        evaluator: {
          type: 'LCBCodeGenerationEvaluator',
          timeout: 6, // seconds of each test
          extractor_version: 'v2', // of compat: what stands between the last two fences, not the first two
        },
      },
    },
  ];
}
