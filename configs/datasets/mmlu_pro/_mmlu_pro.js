// What the MMLU-Pro configs share.

export const categories = [
  'math',
  'physics',
  'chemistry',
  'law',
  'engineering',
  'other',
  'economics',
  'health',
  'psychology',
  'business',
  'biology',
  'philosophy',
  'computer science',
  'history',
];

/** An entry a category; `ask` makes its infer_cfg and eval_cfg of the category's name. `output` is the reference's column. */
export function entries(output, ask) {
  return categories.map((category) => ({
    abbr: `mmlu_pro_${category.replaceAll(' ', '_')}`,
    type: 'MMLUProDataset',
    path: 'ais_bench/datasets/mmlu_pro',
    category,
    reader_cfg: {
      input_columns: ['question', 'cot_content', 'options_str'],
      output_column: output,
      train_split: 'validation',
      test_split: 'test',
    },
    ...ask(category),
  }));
}
