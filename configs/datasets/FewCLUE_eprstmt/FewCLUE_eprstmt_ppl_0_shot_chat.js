// FewCLUE EPRSTMT: is a buyer content? By perplexity. For completion services that tell the log probabilities of
// a prompt's tokens.
//
// The data is not shipped: put dev_few_all.json and test_public.json of datasets/eprstmt of github.com/CLUEbenchmark/FewCLUE (no licence
// stated) into $AIS_BENCH_DATASETS_CACHE/FewCLUE/eprstmt/ or ./datasets/FewCLUE/eprstmt/. No whole file was read so far.

/** The comment and a judgement. */
const claim = (answer) => ({
  round: [
    { role: 'HUMAN', prompt: '买家评价：{sentence}\n这条评价是好评还是差评？' },
    { role: 'BOT', prompt: answer },
  ],
});

const infer_cfg = {
  prompt_template: {
    type: 'PromptTemplate',
    template: { Positive: claim('好评'), Negative: claim('差评') },
  },
  retriever: { type: 'ZeroRetriever' },
  inferencer: { type: 'PPLInferencer' },
};

const entry = (part, file) => ({
  abbr: `eprstmt-${part}`,
  type: 'EPRSTMTDataset',
  path: `ais_bench/datasets/FewCLUE/eprstmt/${file}`,
  reader_cfg: { input_columns: ['sentence'], output_column: 'label' },
  infer_cfg,
  eval_cfg: { evaluator: { type: 'AccEvaluator' } },
});

export const eprstmt_datasets = [entry('dev', 'dev_few_all.json'), entry('test', 'test_public.json')];
