// MGSM (250 problems of GSM8K in each of eleven languages), eight worked examples, for chat models. It asks in the language of the problem.
//
// The data is not shipped: put the files mgsm_*.tsv and exemplars.py of github.com/google-research/url-nlp (folder mgsm, CC BY-SA 4.0) into
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
    ice_template: {
      type: 'PromptTemplate',
      template: { round: [ask, { role: 'BOT', prompt: '{worked}\n' }] },
    },
    prompt_template: {
      type: 'PromptTemplate',
      template: { begin: '</E>', round: [ask] },
      ice_token: '</E>', // the examples go here
    },
    retriever: { type: 'FixKRetriever', fix_id_list: [0, 1, 2, 3, 4, 5, 6, 7] }, // the examples of exemplars.py, from 0
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: {
    evaluator: { type: 'MGSM_Evaluator' },
    pred_postprocessor: { type: 'mgsm_postprocess', lang },
  },
}));
