// MMLU-Pro (12,032 questions in 14 categories, up to ten options), no worked examples, the model reasons first, as plain text.
// The letter after the first "ANSWER:" of the reply is the answer.
//
// The data is not shipped: TIGER-Lab/MMLU-Pro on Hugging Face (MIT licence) is Parquet, which is not read. Write its splits as
// JSON lines, test.jsonl and validation.jsonl, into $AIS_BENCH_DATASETS_CACHE/mmlu_pro/ or ./datasets/mmlu_pro/. Format unseen.
import { entries } from './_mmlu_pro.js';

const template = `Answer this question, of whose options one is right. Think step by step, then end with a line
'ANSWER: X' (without the quotes), where X is the letter of that option.

Question:
{question}

Options:
{options_str}`;

export const mmlu_pro_datasets = entries('answer', () => ({
  infer_cfg: {
    prompt_template: { type: 'PromptTemplate', template },
    retriever: { type: 'ZeroRetriever' },
    inferencer: { type: 'GenInferencer' },
  },
  eval_cfg: {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'match_answer_pattern', answer_pattern: '(?i)ANSWER\\s*:\\s*([A-P])' },
  },
}));
