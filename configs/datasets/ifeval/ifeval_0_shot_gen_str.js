// IFEval (541 prompts in the paper, 540 in the current file; 25 types of instructions that a program can check), each prompt
// as plain text. Right is a reply that follows all instructions of its prompt; the result also has the share of
// instructions that were followed, and both again for the reply without its stars, first line or last line ("loose").
//
// The data is not shipped: put input_data.jsonl of github.com/google-research/google-research, folder
// instruction_following_eval/data (Apache-2.0), into $AIS_BENCH_DATASETS_CACHE/ifeval/ or ./datasets/ifeval/.

export const ifeval_datasets = [
  {
    abbr: 'ifeval',
    type: 'IFEvalDataset',
    path: 'ais_bench/datasets/ifeval/input_data.jsonl',
    reader_cfg: { input_columns: ['prompt'], output_column: 'reference' }, // the reference is made of the whole row
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: '{prompt}' },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'IFEvaluator' }, // scores the reply as it came, without reasoning
    },
  },
];
