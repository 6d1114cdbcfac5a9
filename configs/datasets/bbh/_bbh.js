// What the BBH configs share.

/** Tasks whose answer is the letter of an option. */
export const multipleChoice = [
  'temporal_sequences',
  'disambiguation_qa',
  'date_understanding',
  'tracking_shuffled_objects_three_objects',
  'penguins_in_a_table',
  'geometric_shapes',
  'snarks',
  'ruin_names',
  'tracking_shuffled_objects_seven_objects',
  'tracking_shuffled_objects_five_objects',
  'logical_deduction_three_objects',
  'hyperbaton',
  'logical_deduction_five_objects',
  'logical_deduction_seven_objects',
  'movie_recommendation',
  'salient_translation_error_detection',
  'reasoning_about_colored_objects',
];

/** Tasks whose answer is a word or more. */
export const freeForm = [
  'multistep_arithmetic_two',
  'navigate',
  'dyck_languages',
  'word_sorting',
  'sports_understanding',
  'boolean_expressions',
  'object_counting',
  'formal_fallacies',
  'causal_judgement',
  'web_of_lies',
];

/** As the worked examples end, so that the answer can be found without them too. */
const prompt = `Answer the last question, step by step. Close with the words "So the answer is", the answer and a full stop.

{examples}

Q: {input}
A: Let's think step by step.`;

/** An entry a task, scored by `eval_cfg`. */
export function entries(tasks, eval_cfg) {
  return tasks.map((name) => ({
    abbr: `bbh-${name}`,
    type: 'BBHDataset',
    path: 'ais_bench/datasets/bbh',
    name,
    reader_cfg: { input_columns: ['input', 'examples'], output_column: 'target' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt }] } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg,
  }));
}
