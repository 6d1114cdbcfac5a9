// FewCLUE CHID: which of seven idioms fits? By perplexity. For completion services that tell the log probabilities of
// a prompt's tokens.
//
// The data is not shipped: put dev_few_all.json and test_public.json of datasets/chid of github.com/CLUEbenchmark/FewCLUE (no licence
// stated) into $AIS_BENCH_DATASETS_CACHE/FewCLUE/chid/ or ./datasets/FewCLUE/chid/. No whole file was read so far.

const texts = Array.from({ length: 7 }, (_, i) => `content${i}`);

/** The text with one of the idioms; all are called fluent. */
const claim = (text) => `这段话读起来通顺：\n{${text}}`;

const infer_cfg = {
  prompt_template: {
    type: 'PromptTemplate',
    template: Object.fromEntries(texts.map((text, i) => [i, claim(text)])),
  },
  retriever: { type: 'ZeroRetriever' },
  inferencer: { type: 'PPLInferencer' },
};

const entry = (part, file) => ({
  abbr: `chid-${part}`,
  type: 'CHIDDataset',
  path: `ais_bench/datasets/FewCLUE/chid/${file}`,
  reader_cfg: { input_columns: texts, output_column: 'answer' },
  infer_cfg,
  eval_cfg: { evaluator: { type: 'AccEvaluator' } },
});

export const chid_datasets = [entry('dev', 'dev_few_all.json'), entry('test', 'test_public.json')];
