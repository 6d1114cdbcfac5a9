// DocVQA (validation: 5,349 questions about documents: letters, forms, tables), no worked examples, for chat models that see. Scored by ANLS: how near
// the reply comes to one of the right answers, 0 below a half.
//
// The data is not shipped: put VLMEvalKit's DocVQA_VAL.tsv (opencompass.openxlab.space/utils/VLMEval/DocVQA_VAL.tsv) into
// $AIS_BENCH_DATASETS_CACHE/DocVQA/ or ./datasets/DocVQA/. Format unseen.
export const docvqa_datasets = [
  {
    abbr: 'DocVQA',
    type: 'DocVQADataset',
    path: 'ais_bench/datasets/DocVQA/DocVQA_VAL.tsv',
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
      evaluator: { type: 'DocVQAEvaluator' },
      pred_postprocessor: { type: 'stated_answer' },
    },
  },
];
