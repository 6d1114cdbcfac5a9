// TriviaQA (7,993 quiz questions of the Wikipedia part), without documents, five worked examples, for chat models. One of the names of the
// right answer has to be in what the reply states.
//
// The data is not shipped: put triviaqa-validation.jsonl and triviaqa-train.jsonl of OpenCompass's triviaqa.zip, or the folder qa
// of triviaqa-rc.tar.gz, nlp.cs.washington.edu/triviaqa (no licence stated), into $AIS_BENCH_DATASETS_CACHE/triviaqa/ or
// ./datasets/triviaqa/. Format unseen.
const ask = { role: 'HUMAN', prompt: 'Q: {question}' };

export const triviaqa_datasets = [
  {
    abbr: 'triviaqa',
    type: 'TriviaQADataset_V2',
    path: 'ais_bench/datasets/triviaqa',
    reader_cfg: {
      input_columns: ['question'],
      output_column: 'answer', // all names of the right answer
      train_split: 'train',
      test_split: 'validation',
    },
    infer_cfg: {
      ice_template: {
        type: 'PromptTemplate',
        template: { round: [ask, { role: 'BOT', prompt: 'A: {name}.\n' }] },
      },
      prompt_template: {
        type: 'PromptTemplate',
        template: { begin: '</E>', round: [ask, { role: 'BOT', prompt: 'A:' }] },
        ice_token: '</E>', // the examples go here
      },
      retriever: { type: 'FixKRetriever', fix_id_list: [0, 1, 2, 3, 4] },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'TriviaQAEvaluator' },
      pred_postprocessor: { type: 'stated_answer' },
    },
  },
];
