// What the BoolQ configs share.

/** The one entry: how it is asked, and what finds the answer. */
export function entries(infer_cfg, pred_postprocessor) {
  return [
    {
      abbr: 'BoolQ',
      type: 'BoolQDatasetV2',
      path: 'ais_bench/datasets/SuperGLUE/BoolQ/val.jsonl',
      reader_cfg: {
        input_columns: ['question', 'passage'],
        output_column: 'label', // kept as the reference, never shown with the asked question
      },
      infer_cfg,
      eval_cfg: { evaluator: { type: 'AccEvaluator' }, pred_postprocessor },
    },
  ];
}

/** Asked without worked examples, as plain text. */
export function zeroShot(template) {
  return {
    prompt_template: { type: 'PromptTemplate', template },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  };
}

/** A passage and what is asked of it. */
export const question = '{passage}\nQuestion: {question}\nA. Yes\nB. No\nAnswer:';
