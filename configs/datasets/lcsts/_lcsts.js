// What the LCSTS configs share.

export const ask = '请用一句话概括下面这段文字，作为它的标题。\n\n{content}\n\n标题：';

/** An entry; `template` is what the text is asked with. */
export function entry(template) {
  return {
    abbr: 'lcsts',
    type: 'LCSTSDataset',
    path: 'ais_bench/datasets/LCSTS',
    reader_cfg: { input_columns: ['content'], output_column: 'abst' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: 'JiebaRougeEvaluator' }, pred_postprocessor: { type: 'lcsts' } },
  };
}
