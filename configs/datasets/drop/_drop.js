// What the DROP configs share.

/** An entry; `examples` stand before the passage. */
export function entry(examples) {
  return {
    abbr: 'drop',
    type: 'dropOpenAIDataset',
    path: 'ais_bench/datasets/drop_simple_eval/dev.jsonl',
    reader_cfg: { input_columns: ['prompt'], output_column: 'answers', test_split: 'validation' },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: `Read the passage and answer the question about it.\n\n${examples}{prompt}\n\nThink step by step, then end with a line "Answer: X" (without the quotes), where X is the answer alone: a number, a date, or words of the passage.`,
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'dropOpenAIEvaluator' },
      pred_postprocessor: { type: 'stated_answer', otherwise: 'only-line' },
    },
  };
}
