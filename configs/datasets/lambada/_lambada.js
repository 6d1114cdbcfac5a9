// What the LAMBADA configs share.

export const ask =
  'The last word of this passage is missing. Reply with that one word and nothing else.\n\n{prompt}';

/** An entry; `template` is what the passage is asked with. */
export function entry(template) {
  return {
    abbr: 'lambada',
    type: 'lambadaDataset',
    path: 'ais_bench/datasets/lambada/test.jsonl',
    reader_cfg: {
      input_columns: ['prompt'],
      output_column: 'label',
      train_split: 'test',
      test_split: 'test',
    },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: 'LambadaEvaluator' } },
  };
}
