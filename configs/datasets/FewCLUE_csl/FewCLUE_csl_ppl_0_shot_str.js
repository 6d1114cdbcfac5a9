// FewCLUE CSL: are all key words those of the paper? By perplexity. For completion services that tell the log probabilities of
// a prompt's tokens.
//
// The data is not shipped: put dev_few_all.json and test_public.json of datasets/csl of github.com/CLUEbenchmark/FewCLUE (no licence
// stated) into $AIS_BENCH_DATASETS_CACHE/FewCLUE/csl/ or ./datasets/FewCLUE/csl/. No whole file was read so far.

/** As in AISBench, a choice between the abstract alone and the abstract with the key words. */
const infer_cfg = {
  prompt_template: {
    type: 'PromptTemplate',
    template: { 0: '论文摘要：{abst}', 1: '论文摘要：{abst}\n关键词：{keywords}' },
  },
  retriever: { type: 'ZeroRetriever' },
  inferencer: { type: 'PPLInferencer' },
};

const entry = (part, file) => ({
  abbr: `csl_${part}`,
  type: 'CslDataset',
  path: `ais_bench/datasets/FewCLUE/csl/${file}`,
  reader_cfg: { input_columns: ['abst', 'keywords'], output_column: 'label' },
  infer_cfg,
  eval_cfg: { evaluator: { type: 'AccEvaluator' } },
});

export const csl_datasets = [entry('dev', 'dev_few_all.json'), entry('test', 'test_public.json')];
