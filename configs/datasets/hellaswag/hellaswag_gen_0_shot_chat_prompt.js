// HellaSwag (10,042 beginnings with four endings), no worked examples, for chat models.
//
// The data is not shipped: put hellaswag_val.jsonl of github.com/rowanz/hellaswag (MIT licence), or the hellaswag.jsonl that
// OpenCompass made of it, into $AIS_BENCH_DATASETS_CACHE/hellaswag/ or ./datasets/hellaswag/. Format unseen.

const prompt = `{ctx}
Question: Which of these endings fits best?
A. {A}
B. {B}
C. {C}
D. {D}
Reply with 'A', 'B', 'C' or 'D'.
Answer:`;

export const hellaswag_datasets = [
  {
    abbr: 'hellaswag',
    type: 'HellaswagDataset_V2',
    path: 'ais_bench/datasets/hellaswag/hellaswag.jsonl',
    reader_cfg: { input_columns: ['ctx', 'A', 'B', 'C', 'D'], output_column: 'label' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt }] } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'AccEvaluator' },
      pred_postprocessor: { type: 'first_option_postprocess', options: 'ABCD' },
    },
  },
];
