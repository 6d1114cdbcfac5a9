// FewCLUE CLUEWSC: does a pronoun stand for a noun? By perplexity. For completion services that tell the log probabilities of
// a prompt's tokens.
//
// The data is not shipped: put dev_few_all.json and test_public.json of datasets/cluewsc of github.com/CLUEbenchmark/FewCLUE (no licence
// stated) into $AIS_BENCH_DATASETS_CACHE/FewCLUE/cluewsc/ or ./datasets/FewCLUE/cluewsc/. No whole file was read so far.

/** The text with its question, and an answer. */
const claim = (answer) => ({
  round: [
    { role: 'HUMAN', prompt: '{text}\n这段话里的“{span2}”指的是“{span1}”吗？' },
    { role: 'BOT', prompt: answer },
  ],
});

const infer_cfg = {
  prompt_template: {
    type: 'PromptTemplate',
    template: { 0: claim('不是'), 1: claim('是') },
  },
  retriever: { type: 'ZeroRetriever' },
  inferencer: { type: 'PPLInferencer' },
};

const entry = (part, file) => ({
  abbr: `cluewsc-${part}`,
  type: 'CluewscDataset',
  path: `ais_bench/datasets/FewCLUE/cluewsc/${file}`,
  reader_cfg: { input_columns: ['text', 'span1', 'span2', 'new_text'], output_column: 'answer' },
  infer_cfg,
  eval_cfg: { evaluator: { type: 'AccEvaluator' } },
});

export const cluewsc_datasets = [entry('dev', 'dev_few_all.json'), entry('test', 'test_public.json')];
