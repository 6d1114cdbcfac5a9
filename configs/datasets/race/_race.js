// What the RACE configs share.

/** An entry; `level` is high or middle. */
export function entry(level, infer_cfg, eval_cfg) {
  return {
    abbr: `race-${level}`,
    type: 'RaceDataset',
    path: 'ais_bench/datasets/race',
    name: level,
    reader_cfg: {
      input_columns: ['article', 'question', 'A', 'B', 'C', 'D'],
      output_column: 'answer', // kept as the reference, never shown with the asked question
      train_split: 'validation',
      test_split: 'test',
    },
    infer_cfg,
    eval_cfg,
  };
}

/** A question about an article. */
const question = 'Article:\n{article}\n\nQ: {question}\n\nA. {A}\nB. {B}\nC. {C}\nD. {D}';

/** Answered at once. */
export const letterOnly = `Read the article, then reply with the letter of the right answer: A, B, C or D.\n\n${question}`;

/** Answered after thinking. */
export const reasoned = `Read the article and answer the question below it. Think step by step, then end with a line 'ANSWER: X' (without the quotes), where X is A, B, C or D.\n\n${question}`;

/** Five worked examples of the validation split, then `prompt`. */
export function fiveShot(prompt) {
  const ask = { role: 'HUMAN', prompt };
  return {
    ice_template: {
      type: 'PromptTemplate',
      template: { round: [ask, { role: 'BOT', prompt: '{answer}' }] },
    },
    prompt_template: {
      type: 'PromptTemplate',
      template: { begin: '</E>', round: [ask] },
      ice_token: '</E>', // the examples go here
    },
    retriever: { type: 'FixKRetriever', fix_id_list: [0, 1, 2, 3, 4] },
    inferencer: { type: 'GenInferencer' },
  };
}
