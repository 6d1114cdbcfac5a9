// The accuracy summary in AISBench's order: a line for each benchmark of a broad suite, under the headings of what it is about. A benchmark
// without a result has `-`; groups are those of `example`, and means of families that this tool has no configs for.
import { summary_groups as shipped } from './groups.js';

const heading = (name) => `--------- ${name} ---------`;

/** Families of datasets with a plain mean each; datasets of one's own by these names are counted in. */
const families = {
  GaokaoBench: [
    ...[
      'Math_II',
      'Math_I',
      'History',
      'Biology',
      'Political_Science',
      'Physics',
      'Chemistry',
      'Geography',
    ].map((subject) => `2010-2022_${subject}_MCQs`),
    ...[
      'Chinese_Lang_and_Usage_MCQs',
      'Chinese_Modern_Lit',
      'English_Fill_in_Blanks',
      'English_Reading_Comp',
    ].map((part) => `2010-2022_${part}`),
    '2010-2013_English_MCQs',
    '2012-2022_English_Cloze_Test',
  ].map((part) => `GaokaoBench_${part}`),
  jigsaw_multilingual: ['es', 'fr', 'it', 'pt', 'ru', 'tr'].map(
    (language) => `jigsaw_multilingual_${language}`,
  ),
  'tydiqa-goldp': [
    ...['arabic', 'bengali', 'english', 'finnish', 'indonesian', 'japanese', 'korean', 'russian', 'swahili'],
    ...['telugu', 'thai'],
  ].map((language) => `tydiqa-goldp_${language}`),
  xiezhi: ['spec_eng', 'spec_chn', 'inter_eng', 'inter_chn'].map((part) => `xiezhi-${part}`),
};

export const summarizer = {
  attr: 'accuracy',
  type: 'DefaultSummarizer',
  dataset_abbrs: [
    heading('考试 Exam'),
    ...['ceval', 'agieval', 'mmlu', 'cmmlu', 'mmlu_pro', 'GaokaoBench', 'ARC-c', 'ARC-e', 'GPQA_diamond'],
    heading('语言 Language'),
    ...['bustm-dev', 'chid-dev', 'cluewsc-dev', 'winogrande', 'tydiqa-goldp', 'flores_100', 'mgsm'],
    heading('知识 Knowledge'),
    ...['BoolQ', 'triviaqa', 'nq', 'xiezhi'],
    heading('理解 Understanding'),
    ...[
      'race-middle',
      'race-high',
      'csl_dev',
      'lcsts',
      'Xsum',
      'eprstmt-dev',
      'tnews-dev',
      'lambada',
      'longbench',
    ],
    heading('推理 Reasoning'),
    ...['hellaswag', 'piqa', 'siqa', 'drop', 'bbh', 'gsm8k', 'math_prm800k_500', 'aime2024', 'aime2025'],
    heading('代码 Code'),
    ...['openai_humaneval', 'mbpp_passk', 'sanitized_mbpp_passk', 'lcb_code_generation'],
    heading('指令 Instructions'),
    ...['ifeval', 'ifbench'],
    heading('安全 Safety'),
    ...['civil_comments', 'jigsaw_multilingual', 'real-toxicity-prompts', 'truthful_qa', 'crows_pairs'],
  ],
  summary_groups: [...shipped, ...Object.entries(families).map(([name, subsets]) => ({ name, subsets }))],
};
