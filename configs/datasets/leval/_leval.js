// What the L-Eval configs share.

const exam = (begin, eval_cfg) => ({
  kind: 'Exam',
  begin,
  prompt: 'Document:\n{context}\n\nQuestion: {question}\nAnswer:',
  eval_cfg,
});
const choice =
  'A long document and a question of multiple choice follow. One option may be right, or several. Answer with their letters alone, such as A or AB.';
const open = {
  kind: 'Generation',
  begin:
    'A long document and an instruction about it follow. Carry it out from what the document says, be it a summary, an answer or a text of another kind.',
  prompt: 'Document: {context}\n\nInstruction: {question}\nWrite {length} words.',
  eval_cfg: { evaluator: { type: 'RougeEvaluator' } },
};
/** The last line of what is said, or its first; under compat the whole reply goes to the evaluator, as in AISBench. */
const stated = { type: 'stated_answer' };

/** Task, by the name of its config → its file, its abbr, how it is asked and scored. */
export const tasks = {
  code_u: {
    ...exam('The source of a library follows, and calls of its functions. Work out what they give.', {
      evaluator: { type: 'CodeUEvaluator' },
      pred_postprocessor: stated,
    }),
    file: 'codeU',
  },
  coursera: exam(choice, {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'first_capital_postprocess_multi' },
  }),
  gsm100: {
    ...exam(
      'Questions and their answers follow. Answer the last question in the same way, and end with "The answer is (number)".',
      {
        evaluator: { type: 'Gsm8kEvaluator' },
        pred_postprocessor: { type: 'gsm100_postprocess' },
        dataset_postprocessor: { type: 'gsm100_dataset_postprocess' },
      },
    ),
    prompt: '{context}\n\n{question}\n',
  },
  quality: exam(choice, {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'first_capital_postprocess' },
  }),
  sci_fi: exam(
    'A story of science fiction follows, and a statement about it. Say "True" or "False" from what the story says, whatever you know of the world.',
    { evaluator: { type: 'SciFiEvaluator' }, pred_postprocessor: stated },
  ),
  topic_retrieval: {
    ...exam(
      'The record of a conversation follows, in which the USER names each new topic. Remember the topics: you are asked for the first, second or third of them.',
      { evaluator: { type: 'LEvalEMEvaluator' }, pred_postprocessor: stated },
    ),
    file: 'topic_retrieval_longchat',
  },
  tpo: exam(choice, {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'first_capital_postprocess' },
  }),
  financial_qa: { ...open, abbr: 'financialqa' },
  gov_report_summ: open,
  legal_contract_qa: open,
  meeting_summ: open,
  multidoc_qa: { ...open, abbr: 'multidocqa' },
  narrative_qa: { ...open, abbr: 'narrativeqa' },
  natural_question: { ...open, abbr: 'nq' },
  news_summ: open,
  paper_assistant: open,
  patent_summ: open,
  review_summ: open,
  scientific_qa: { ...open, abbr: 'scientificqa' },
  tv_show_summ: { ...open, abbr: 'tvshow_summ' },
};

/** The abbr of a task. */
export const abbrOf = (name) => `LEval_${tasks[name].abbr ?? name}`;

/** The one entry of a task. */
export function entries(name) {
  const { kind, file = name, begin, prompt, eval_cfg } = tasks[name];
  return [
    {
      abbr: abbrOf(name),
      type: 'LEvalDataset',
      path: `ais_bench/datasets/LEval/LEval/${kind}/${file}.jsonl`,
      name: file,
      reader_cfg: {
        input_columns: ['context', 'question', ...(kind === 'Exam' ? [] : ['length'])],
        output_column: 'answer',
        train_split: 'test',
        test_split: 'test',
      },
      infer_cfg: {
        prompt_template: {
          type: 'PromptTemplate',
          template: {
            begin: [{ role: 'SYSTEM', fallback_role: 'HUMAN', prompt: begin }],
            round: [{ role: 'HUMAN', prompt }],
          },
        },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
      eval_cfg,
    },
  ];
}
