// Twelve pictures of plain shapes, drawn by ourselves, for chat models that see: a question with choices and one whose answer
// is a number about each. Nothing to download: they ship with the package, and go into the requests as data URLs.

/** The picture first, then the words; each part is filled by the row's columns. */
const ask = (words) => ({
  type: 'MMPromptTemplate',
  template: {
    round: [
      {
        role: 'HUMAN',
        prompt_mm: [
          { type: 'image_url', image_url: { url: '{image}' } },
          { type: 'text', text: words },
        ],
      },
    ],
  },
});

export const shapes_datasets = [
  {
    abbr: 'demo_shapes_choice',
    type: 'DemoShapesDataset',
    questions: 'choice',
    reader_cfg: { input_columns: ['image', 'question', 'options'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: ask('{question}\n{options}\nAnswer with the letter alone.'),
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccEvaluator' } },
  },
  {
    abbr: 'demo_shapes_count',
    type: 'DemoShapesDataset',
    questions: 'count',
    reader_cfg: { input_columns: ['image', 'question'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: ask('{question}\nAnswer with one number.'),
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'Gsm8kEvaluator' }, // equal numbers
      pred_postprocessor: { type: 'gsm8k_postprocess' },
    },
  },
];
