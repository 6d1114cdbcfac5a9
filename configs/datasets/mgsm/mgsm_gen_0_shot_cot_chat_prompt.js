// MGSM (250 problems of GSM8K in each of eleven languages), for chat models. It asks in the language of the problem.
//
// The data is not shipped: put the files mgsm_*.tsv of github.com/google-research/url-nlp (folder mgsm, CC BY-SA 4.0) into
// $AIS_BENCH_DATASETS_CACHE/mgsm/ or ./datasets/mgsm/. Format unseen: read from a description.
//
// A row has the columns question, answer, instruction (what is asked for) and, in examples, worked (the solution).

const LANGUAGES = ['bn', 'de', 'en', 'es', 'fr', 'ja', 'ru', 'sw', 'te', 'th', 'zh'];

const ask = { role: 'HUMAN', prompt: '{instruction}\n\n{question}' };

export const mgsm_datasets = LANGUAGES.map((lang) => ({
  abbr: `mgsm_${lang}`,
  type: 'MGSMSDataset',
  path: `ais_bench/datasets/mgsm/mgsm_${lang}.tsv`,
  reader_cfg: { input_columns: ['question'], output_column: 'answer' },
  infer_cfg: {
    prompt_template: { type: 'PromptTemplate', template: { round: [ask] } },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: {
    evaluator: { type: 'MGSM_Evaluator' },
    pred_postprocessor: { type: 'mgsm_postprocess', lang },
  },
}));
