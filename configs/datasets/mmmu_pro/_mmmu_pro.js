// What the MMMU-Pro configs share.

const KINDS = {
  options10: { type: 'MMMUProOptions10Dataset', file: 'MMMU_Pro_10c.tsv' },
  vision: { type: 'MMMUProVisionDataset', file: 'MMMU_Pro_V.tsv' },
};

/** An entry: `options10` or `vision`; with `isCot` the model reasons first. */
export function entry(kind, isCot) {
  const { type, file } = KINDS[kind];
  return {
    abbr: 'mmmu_pro',
    type,
    path: `ais_bench/datasets/mmmu_pro/${file}`,
    is_cot: isCot,
    reader_cfg: { input_columns: ['content'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'MMPromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt_mm: {
                text: { type: 'text', text: '{question}' },
                image: { type: 'image_url', image_url: { url: '{image}' } },
              },
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: isCot
      ? {
          evaluator: { type: 'MMMUProCotEvaluator' },
          pred_postprocessor: { type: 'last_option_postprocess', options: 'ABCDEFGHIJ' },
        }
      : { evaluator: { type: 'MMMUProEvaluator' } },
  };
}
