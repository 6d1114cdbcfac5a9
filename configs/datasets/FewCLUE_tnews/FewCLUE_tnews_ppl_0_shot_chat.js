// FewCLUE TNEWS: what is a headline about, of fifteen kinds? By perplexity. For completion services that tell the log probabilities of
// a prompt's tokens.
//
// The data is not shipped: put dev_few_all.json and test_public.json of datasets/tnews of github.com/CLUEbenchmark/FewCLUE (no licence
// stated) into $AIS_BENCH_DATASETS_CACHE/FewCLUE/tnews/ or ./datasets/FewCLUE/tnews/. No whole file was read so far.

/** The kinds, as TNewsDataset names them. */
const kinds =
  '农业新闻 旅游新闻 游戏新闻 科技类别公司新闻 体育类别新闻 初升高教育新闻 娱乐圈新闻 投资资讯 军事类别常识 车辆新闻 楼市新闻 环球不含中国类别新闻 书籍文化历史类别新闻 故事类别新闻 股票市场类别新闻'.split(
    ' ',
  );

/** The headline and a kind. */
const claim = (answer) => ({
  round: [
    { role: 'HUMAN', prompt: '新闻标题：{sentence}\n这条新闻属于哪一类？' },
    { role: 'BOT', prompt: answer },
  ],
});

const infer_cfg = {
  prompt_template: {
    type: 'PromptTemplate',
    template: Object.fromEntries(kinds.map((kind) => [kind, claim(kind)])),
  },
  retriever: { type: 'ZeroRetriever' },
  inferencer: { type: 'PPLInferencer' },
};

const entry = (part, file) => ({
  abbr: `tnews-${part}`,
  type: 'TNewsDataset',
  path: `ais_bench/datasets/FewCLUE/tnews/${file}`,
  reader_cfg: { input_columns: ['sentence'], output_column: 'label_desc2' },
  infer_cfg,
  eval_cfg: { evaluator: { type: 'AccEvaluator' } },
});

export const tnews_datasets = [entry('dev', 'dev_few_all.json'), entry('test', 'test_public.json')];
