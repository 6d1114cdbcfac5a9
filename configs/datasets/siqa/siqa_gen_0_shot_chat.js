// Social IQa (1,954 questions about people, three answers each), no worked examples, for chat models. The answer that is nearest to
// the reply by edit distance counts, as in AISBench: that can find an answer where none was given.
//
// The data is not shipped: put dev.jsonl and dev-labels.lst of socialiqa-train-dev.zip, allenai.org/data/socialiqa (no licence
// stated), into $AIS_BENCH_DATASETS_CACHE/siqa/ or ./datasets/siqa/. Format unseen.

const prompt = '{context}\nQuestion: {question}\nA. {answerA}\nB. {answerB}\nC. {answerC}\nAnswer:';

export const siqa_datasets = [
  {
    abbr: 'siqa',
    type: 'siqaDataset_V2',
    path: 'ais_bench/datasets/siqa',
    reader_cfg: {
      input_columns: ['context', 'question', 'answerA', 'answerB', 'answerC'],
      output_column: 'all_labels', // the texts that name each answer, and which is right
      test_split: 'validation',
    },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt }] } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: 'EDAccEvaluator' } },
  },
];
