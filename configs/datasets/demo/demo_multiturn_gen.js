// Ten dialogues of our own, of two to four turns, for chat models. Every turn is asked with what the model itself answered
// before, and is scored by itself; with --mode perf they are timed only. Nothing to download: they ship with the package.

export const multiturn_datasets = [
  {
    abbr: 'demo_multiturn',
    type: 'DemoMultiTurnDataset',
    reader_cfg: {
      input_columns: ['question'],
      output_column: 'answer', // a list as well, an element a turn
    },
    infer_cfg: {
      prompt_template: {
        type: 'MultiTurnPromptTemplate',
        template: {
          begin: [
            {
              role: 'SYSTEM',
              fallback_role: 'HUMAN',
              prompt: 'Answer every question with one number and nothing else.',
            },
          ],
          round: [
            { role: 'HUMAN', prompt: '{question}' },
            { role: 'BOT', prompt: '{answer}' },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'MultiTurnGenInferencer', infer_mode: 'every' }, // or last, every_with_gt
    },
    eval_cfg: {
      evaluator: { type: 'Gsm8kEvaluator' }, // equal numbers
      pred_postprocessor: { type: 'gsm8k_postprocess' },
    },
  },
];
