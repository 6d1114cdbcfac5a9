// IFBench (294 prompts, 58 types of instructions that a program can check and that no model was tuned for), each prompt as plain
// text. Right is a reply that follows all instructions of its prompt; the result also has the share of instructions that were
// followed, and both again for the reply without its stars, first line or last line ("loose").
//
// The data is not shipped: put data/train-00000-of-00001.parquet of allenai/IFBench_test on Hugging Face (ODC-BY), or IFBench_test.jsonl of
// github.com/allenai/IFBench, into $AIS_BENCH_DATASETS_CACHE/ifbench/ or ./datasets/ifbench/.

export const ifbench_datasets = [
  {
    abbr: 'ifbench',
    type: 'IFBenchDataset',
    path: 'ais_bench/datasets/ifbench/data/train-00000-of-00001.parquet',
    reader_cfg: { input_columns: ['prompt'], output_column: 'reference' }, // the reference is made of the whole row
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: '{prompt}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'IFBenchEvaluator' }, // scores the reply as it came, without reasoning
    },
  },
];
