// FewCLUE BUSTM: do two sentences say the same? By perplexity. For completion services that tell the log probabilities of
// a prompt's tokens.
//
// The data is not shipped: put dev_few_all.json and test_public.json of datasets/bustm of github.com/CLUEbenchmark/FewCLUE (no licence
// stated) into $AIS_BENCH_DATASETS_CACHE/FewCLUE/bustm/ or ./datasets/FewCLUE/bustm/. No whole file was read so far.

/** The sentences and an answer. */
const claim = (answer) => ({
  round: [
    { role: 'HUMAN', prompt: '句子甲：{sentence1}\n句子乙：{sentence2}\n甲、乙两句的意思相同还是不同？' },
    { role: 'BOT', prompt: answer },
  ],
});

const infer_cfg = {
  prompt_template: {
    type: 'PromptTemplate',
    template: { 0: claim('不同'), 1: claim('相同') },
  },
  retriever: { type: 'ZeroRetriever' },
  inferencer: { type: 'PPLInferencer' },
};

const entry = (part, file) => ({
  abbr: `bustm-${part}`,
  type: 'BUSTMDataset',
  path: `ais_bench/datasets/FewCLUE/bustm/${file}`,
  reader_cfg: { input_columns: ['sentence1', 'sentence2'], output_column: 'label' },
  infer_cfg,
  eval_cfg: { evaluator: { type: 'AccEvaluator' } },
});

export const bustm_datasets = [entry('dev', 'dev_few_all.json'), entry('test', 'test_public.json')];
