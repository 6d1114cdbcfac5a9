// MMLU-Pro (12,032 questions in 14 categories, up to ten options), five worked examples, as plain text: for base models. The
// reply's first line must be the letter of the right option, or its text.
//
// The data is not shipped: TIGER-Lab/MMLU-Pro on Hugging Face (MIT licence) is Parquet, which is not read. Write its splits as
// JSON lines, test.jsonl and validation.jsonl, into $AIS_BENCH_DATASETS_CACHE/mmlu_pro/ or ./datasets/mmlu_pro/. Format unseen.
import { entries } from './_mmlu_pro.js';

const question = 'Question:\n{question}\nOptions:\n{options_str}';

export const mmlu_pro_datasets = entries('answer_string', (category) => ({
  infer_cfg: {
    ice_template: { type: 'PromptTemplate', template: `${question}\nAnswer: {answer}` },
    prompt_template: {
      type: 'PromptTemplate',
      template: `Questions about ${category}, each with its options and the letter of the right one.\n</E>${question}\nAnswer: `,
      ice_token: '</E>', // the examples go here
    },
    retriever: { type: 'FixKRetriever', fix_id_list: [0, 1, 2, 3, 4] },
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: { evaluator: { type: 'MMLUProBaseEvaluator' } },
}));
