// Geometry3K (601 problems of plane geometry with their figures), no worked examples, for chat models that see: what is in the last \boxed{}
// counts, by what it means.
//
// The data is not shipped: put data/test-00000-of-00001.parquet of hiyouga/geometry3k on Hugging Face (MIT) into
// $AIS_BENCH_DATASETS_CACHE/geo3k/ or ./datasets/geo3k/. Format unseen.
const instruction =
  'Reason first, between <think> and </think>. Then give the final answer in \\boxed{}, as a number or an expression without units.';

export const geometry3k_datasets = [
  {
    abbr: 'geometry3k',
    type: 'Geometry3KDataset',
    path: 'ais_bench/datasets/geo3k/test-00000-of-00001.parquet',
    split: 'test',
    instruction,
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
    eval_cfg: { evaluator: { type: 'Geometry3KEvaluator' } },
  },
];
