// What the ARC_c configs share.

/** The one entry: how it is asked and how it is scored. */
export function entries(infer_cfg, eval_cfg) {
  return [
    {
      abbr: 'ARC-c',
      type: 'ARCDataset',
      path: 'ais_bench/datasets/ARC/ARC-c',
      name: 'ARC-Challenge',
      reader_cfg: {
        input_columns: ['question', 'textA', 'textB', 'textC', 'textD'],
        output_column: 'answerKey', // kept as the reference, never shown with the asked question
        train_split: 'Dev',
        test_split: 'Test',
      },
      infer_cfg,
      eval_cfg,
    },
  ];
}

/** A question with its choices. */
export const ask = {
  role: 'HUMAN',
  prompt: 'Question: {question}\nA. {textA}\nB. {textB}\nC. {textC}\nD. {textD}\nAnswer:',
};
