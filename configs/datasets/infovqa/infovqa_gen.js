// InfoVQA (validation: 2,801 questions about infographics), no worked examples, for chat models that see. Scored by ANLS: how near
// the reply comes to one of the right answers, 0 below a half.
//
// The data is not shipped: put VLMEvalKit's InfoVQA_VAL.tsv (opencompass.openxlab.space/utils/VLMEval/InfoVQA_VAL.tsv) into
// $AIS_BENCH_DATASETS_CACHE/InfoVQA/ or ./datasets/InfoVQA/. Format unseen.
export const infovqa_datasets = [
  {
    abbr: 'InfoVQA',
    type: 'InfoVQADataset',
    path: 'ais_bench/datasets/InfoVQA/InfoVQA_VAL.tsv',
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
    eval_cfg: {
      evaluator: { type: 'InfoVQAEvaluator' },
      pred_postprocessor: { type: 'stated_answer' },
    },
  },
];
