// What the XSum configs share.

export const ask = 'Sum this article up in one sentence.\n\n{dialogue}\n\nSummary:';

/** An entry; `template` is what the article is asked with. */
export function entry(template) {
  return {
    abbr: 'Xsum',
    type: 'XsumDataset',
    path: 'ais_bench/datasets/Xsum/dev.jsonl',
    reader_cfg: { input_columns: ['dialogue'], output_column: 'summary' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: 'RougeEvaluator' }, pred_postprocessor: { type: 'Xsum' } },
  };
}
