// What the MMStar configs share.

/** An entry; `words` hold the question as `{question}`. */
export function entry(words, evalCfg) {
  return {
    abbr: 'mmstar',
    type: 'MMStarDataset',
    path: 'ais_bench/datasets/mmstar/MMStar.tsv',
    reader_cfg: { input_columns: ['content'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'MMPromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt_mm: {
                text: { type: 'text', text: words },
                image: { type: 'image_url', image_url: { url: '{image}' } },
              },
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: evalCfg,
  };
}
