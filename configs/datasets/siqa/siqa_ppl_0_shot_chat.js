// Social IQa (1,954 questions about people, three answers each) by perplexity: the answer that the model expects most. For
// completion services that tell the log probabilities of a prompt's tokens.
//
// The data is not shipped: put dev.jsonl and dev-labels.lst of socialiqa-train-dev.zip, allenai.org/data/socialiqa (no licence
// stated), into $AIS_BENCH_DATASETS_CACHE/siqa/ or ./datasets/siqa/. Format unseen.

/** The question and an answer. */
const claim = (letter) => ({
  round: [
    { role: 'HUMAN', prompt: '{context}\nQuestion: {question}\nAnswer:' },
    { role: 'BOT', prompt: `{answer${letter}}` },
  ],
});

export const siqa_datasets = [
  {
    abbr: 'siqa',
    type: 'siqaDataset_V2',
    path: 'ais_bench/datasets/siqa',
    reader_cfg: {
      input_columns: ['context', 'question', 'answerA', 'answerB', 'answerC'],
      output_column: 'label',
      test_split: 'validation',
    },
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: { A: claim('A'), B: claim('B'), C: claim('C') },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'PPLInferencer' },
    },
    eval_cfg: { evaluator: { type: 'AccEvaluator' } },
  },
];
