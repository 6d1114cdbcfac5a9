// AGIEval (21 sets of questions of exams, English and Chinese), no worked examples, for chat models.
//
// The data is not shipped: put the files of the folder data/v1 of github.com/ruixiangcui/AGIEval (MIT licence) into
// $AIS_BENCH_DATASETS_CACHE/agieval/ or ./datasets/agieval/. Format unseen.
import { sets } from './_agieval.js';

/** By the way in which a set is answered. */
const evaluation = {
  single: {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'first_option_postprocess', options: 'ABCDE' },
  },
  multiple: {
    evaluator: { type: 'AccEvaluator' },
    pred_postprocessor: { type: 'first-capital-multi' },
  },
  cloze: { evaluator: { type: 'AGIEvalEvaluator' } },
};

const opening = { zh: '答案是：', en: 'The answer is ' };

export const agieval_datasets = Object.entries(sets).map(([name, [kind, language, words]]) => {
  const asked = kind === 'cloze' ? '{question}' : '{question}\n{options}';
  const prompt = `${words}\n${asked}\n${opening[language]}`;
  return {
    abbr: `agieval-${name}`,
    type: 'AGIEvalDataset_v2',
    path: 'ais_bench/datasets/agieval',
    name,
    setting_name: 'zero-shot',
    reader_cfg: { input_columns: ['question', 'options'], output_column: 'label' },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt }] } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: evaluation[kind],
  };
});
