// BoolQ (3,270 questions about passages, yes or no), five worked examples, as plain text. The first capital letter of the reply is
// the answer.
//
// The data is not shipped: put val.jsonl of BoolQ.zip, super.gluebenchmark.com (CC BY-SA 3.0), into
// $AIS_BENCH_DATASETS_CACHE/SuperGLUE/BoolQ/ or ./datasets/SuperGLUE/BoolQ/. Format unseen.
// The worked examples are rows of train.jsonl beside val.jsonl. Where there is no such file they are rows of val.jsonl, as in
// AISBench: five of the asked questions are then seen with their answers.
import { entries, question } from './_boolq.js';

export const BoolQ_datasets = entries(
  {
    ice_template: { type: 'PromptTemplate', template: `${question} {label}` },
    prompt_template: { type: 'PromptTemplate', template: `</E>${question}`, ice_token: '</E>' },
    retriever: { type: 'FixKRetriever', fix_id_list: [0, 2, 4, 6, 8] },
    inferencer: { type: 'GenInferencer' },
  },
  { type: 'first-capital' },
);
