// What the GPQA configs share.

/** The one entry: how it is asked and how it is scored. */
export function entries(infer_cfg, eval_cfg) {
  return [
    {
      abbr: 'GPQA_diamond',
      type: 'GPQADataset',
      path: 'ais_bench/datasets/gpqa',
      name: 'gpqa_diamond.csv',
      reader_cfg: { input_columns: ['question', 'A', 'B', 'C', 'D'], output_column: 'answer' },
      infer_cfg,
      eval_cfg,
    },
  ];
}
