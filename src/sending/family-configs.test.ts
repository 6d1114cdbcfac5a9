/** The configs of benchmarks of choices and of short answers, from the file to what a model is asked, on rows of our own. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { catalog } from '../catalog.ts';
import type { DatasetConfig } from '../config/config-types.ts';
import { findConfigs } from '../config/find.ts';
import { datasetSchema } from '../config/schema.ts';
import type { Row } from '../contract/dataset.ts';
import { imagesFirst } from '../dataset/builtin/image-questions.ts';
import { labelRenderer, promptRenderer } from '../prompt/render.ts';

const shipped = fileURLToPath(new URL('../../configs', import.meta.url));

/** AISBench's names (App. G), a family a line. */
const NAMES = `
ARC_c_gen_0_shot_chat_prompt ARC_c_gen_25_shot_chat_prompt ARC_c_ppl_0_shot_str
ARC_e_gen_0_shot_chat_prompt ARC_e_gen_25_shot_chat_prompt ARC_e_ppl_0_shot_str
SuperGLUE_BoolQ_gen SuperGLUE_BoolQ_gen_0_shot_cot_str SuperGLUE_BoolQ_gen_0_shot_noncot_str
SuperGLUE_BoolQ_gen_0_shot_str SuperGLUE_BoolQ_gen_0_shot_str_perf SuperGLUE_BoolQ_gen_5_shot_str
agieval_gen_0_shot_chat_prompt
bbh_free_form_sets_lib_prompt bbh_gen bbh_gen_3_shot_cot_chat bbh_multiple_choice_sets_lib_prompt
bbh_subset_settings
ceval_gen ceval_gen_0_shot_cot_chat_prompt ceval_gen_0_shot_noncot_chat_prompt ceval_gen_0_shot_str
ceval_gen_0_shot_str_perf ceval_gen_5_shot_str ceval_ppl_0_shot_str
cmmlu_gen_0_shot_cot_chat_prompt cmmlu_gen_5_shot_cot_chat_prompt cmmlu_ppl_0_shot_cot_chat_prompt
gpqa_gen gpqa_gen_0_shot_cot_chat_prompt gpqa_gen_0_shot_str gpqa_ppl_0_shot_str
hellaswag_gen_0_shot_chat_prompt hellaswag_gen_10_shot_chat_prompt hellaswag_ppl_0_shot_chat_prompt
mmlu_gen mmlu_gen_0_shot_cot_chat_prompt mmlu_gen_5_shot_chat_prompt mmlu_gen_5_shot_str mmlu_ppl_0_shot_str
mmlu_pro_categories mmlu_pro_gen_0_shot_str mmlu_pro_gen_5_shot_str
piqa_gen_0_shot_chat_prompt piqa_gen_0_shot_str piqa_ppl_0_shot_str
race_gen race_high_gen_5_shot_chat race_high_gen_5_shot_cot_chat race_middle_gen_5_shot_chat
race_middle_gen_5_shot_cot_chat race_ppl_0_shot_chat
siqa_gen siqa_gen_0_shot_chat siqa_ppl_0_shot_chat
winogrande_gen_0_shot_chat_prompt winogrande_gen_5_shot_chat_prompt
Xsum_gen Xsum_gen_0_shot_chat Xsum_gen_0_shot_str lcsts_gen lcsts_gen_0_shot_chat lcsts_gen_0_shot_str
drop_gen_0_shot_str drop_gen_3_shot_str
lambada_gen lambada_gen_0_shot_chat lambada_gen_0_shot_str
longbench longbench_2wikimqa_gen longbench_dureader_gen longbench_gov_report_gen longbench_hotpotqa_gen longbench_lcc_gen
longbench_lsht_gen longbench_multi_news_gen longbench_multifieldqa_en_gen longbench_multifieldqa_zh_gen
longbench_musique_gen longbench_narrativeqa_gen longbench_passage_count_gen longbench_passage_retrieval_en_gen
longbench_passage_retrieval_zh_gen longbench_qasper_gen longbench_qmsum_gen longbench_repobench_gen longbench_samsum_gen
longbench_trec_gen longbench_triviaqa_gen longbench_vcsum_gen
triviaqa_gen_5_shot_chat_prompt
docvqa_gen infovqa_gen mathvision_gen glm4v_textvqa_gen_base64 textvqa_gen textvqa_gen_base64
mmmu_gen mmmu_pro_options10_cot_gen mmmu_pro_options10_gen mmmu_pro_vision_cot_gen mmmu_pro_vision_gen
mmstar_gen mmstar_gen_cot realworldqa_gen realworldqa_gen_base64
livecodebench_0_shot_chat_v4_v5 livecodebench_0_shot_chat_v4_v5_v6 livecodebench_0_shot_chat_v6
livecodebench_code_generate_lite_gen_0_shot_chat
longbenchv2_gen longbenchv2_gen_75fbba
dapo_math_gen dapo_math_gen_0_shot_cot_str dapo_math_gen_0_shot_str
hle_llmjudge aa_lcr_llmjudge
FewCLUE_bustm_ppl_0_shot_chat FewCLUE_chid_ppl_0_shot_str FewCLUE_cluewsc_ppl_0_shot_chat FewCLUE_csl_ppl_0_shot_str
FewCLUE_eprstmt_ppl_0_shot_chat FewCLUE_tnews_ppl_0_shot_chat
leval_code_u_gen leval_coursera_gen leval_gsm100_gen leval_quality_gen leval_sci_fi_gen leval_topic_retrieval_gen leval_tpo_gen
leval_financial_qa_gen leval_gov_report_summ_gen leval_legal_contract_qa_gen leval_meeting_summ_gen leval_multidoc_qa_gen leval_narrative_qa_gen leval_natural_question_gen leval_news_summ_gen leval_paper_assistant_gen leval_patent_summ_gen leval_review_summ_gen leval_scientific_qa_gen leval_tv_show_summ_gen
`
  .trim()
  .split(/\s+/);

const LETTERED = { A: 'first', B: 'second', C: 'third', D: 'fourth' };

/** Columns that a class makes, as the tests of the classes have them; `n` tells rows apart. */
const ROWS: Readonly<Record<string, (n: number) => Row>> = {
  MMLUDataset: (n) => ({ input: `ask ${n}?`, ...LETTERED, target: 'B' }),
  MMLUProDataset: (n) => ({
    question: `ask ${n}?`,
    options_str: 'A. first\nB. second',
    answer: 'B',
    answer_string: 'B. second\n',
    cot_content: '',
  }),
  CEvalDataset: (n) => ({ question: `ask ${n}?`, ...LETTERED, answer: 'B', explanation: '' }),
  CMMLUDataset: (n) => ({ question: `ask ${n}?`, ...LETTERED, answer: 'B' }),
  GPQADataset: (n) => ({ question: `ask ${n}?`, ...LETTERED, answer: 'B' }),
  BBHDataset: (n) => ({ input: `ask ${n}?`, target: '(B)', examples: 'Q: shown\nA: so.' }),
  AGIEvalDataset_v2: (n) => ({ question: `ask ${n}?`, options: '(A)first\n(B)second', label: 'B' }),
  ARCDataset: (n) => ({
    ...{ question: `ask ${n}?`, textA: 'first', textB: 'second', textC: 'third', textD: 'fourth' },
    answerKey: 'B',
  }),
  HellaswagDataset: (n) => ({ ctx: `ask ${n}?`, ...LETTERED, label: 1 }),
  HellaswagDataset_V2: (n) => ({ ctx: `ask ${n}?`, ...LETTERED, label: 'B' }),
  HellaswagDatasetwithICE: (n) => ({ ctx: `ask ${n}?`, ...LETTERED, label: 'B' }),
  WinograndeDatasetV2: gapRow,
  WinograndeDatasetV3: gapRow,
  PIQADataset: (n) => ({ goal: `ask ${n}?`, sol1: 'first', sol2: 'second', label: 1 }),
  PIQADatasetV2: (n) => ({ goal: `ask ${n}?`, sol1: 'first', sol2: 'second', answer: 'B' }),
  siqaDataset_V2: (n) => ({
    ...{ context: 'Then.', question: `ask ${n}?`, answerA: 'first', answerB: 'second', answerC: 'third' },
    ...{ label: 'B', all_labels: { candidates: [], label: 1 } },
  }),
  RaceDataset: (n) => ({ article: 'Once.', question: `ask ${n}?`, ...LETTERED, answer: 'B' }),
  BoolQDatasetV2: (n) => ({ passage: 'It is.', question: `ask ${n}?`, label: 'B' }),
  TriviaQADataset_V2: (n) => ({ question: `ask ${n}?`, answer: ['first', 'second'], name: 'first' }),
  dropOpenAIDataset: (n) => ({ prompt: `Passage: ask ${n}?\nAnswer:`, answers: 'first|second' }),
  lambadaDataset: (n) => ({ prompt: `ask ${n} and`, label: 'first' }),
  LCBCodeGenerationDataset: (n) => ({
    question_content: `ask ${n}?`,
    format_prompt: 'So.',
    question_id: 'q',
  }),
  LongBenchv2Dataset: (n) => ({
    ...{ context: 'Once.', question: `ask ${n}?`, answer: 'B' },
    ...{ choice_A: 'first', choice_B: 'second', choice_C: 'third', choice_D: 'fourth' },
  }),
  LEvalDataset: (n) => ({ context: 'Once.', question: `ask ${n}?`, answer: 'first', length: 1 }),
  BUSTMDataset: (n) => ({ sentence1: `ask ${n}?`, sentence2: 'And?', label: '1' }),
  EPRSTMTDataset: (n) => ({ sentence: `ask ${n}?`, label: 'Positive' }),
  CHIDDataset: (n) => ({
    ...Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`content${i}`, `ask ${n}, or ${i}?`])),
    answer: '1',
  }),
  CluewscDataset: (n) => ({ text: `ask ${n}?`, new_text: 'So.', span1: 'ask', span2: 'it', answer: '1' }),
  CslDataset: (n) => ({ abst: `ask ${n}?`, keywords: 'asking', label: '1' }),
  TNewsDataset: (n) => ({ sentence: `ask ${n}?`, label_desc2: '农业新闻' }),
  HLEDataset: (n) => ({ question: `ask ${n}?`, answer: 'first' }),
  AALCRDataset: (n) => ({ input: `ask ${n}?`, question: 'Which?', answers: 'first' }),
  DAPOMathDataset: (n) => ({ prompt: `ask ${n}?`, answer: '1' }),
  XsumDataset: (n) => ({ dialogue: `ask ${n}?`, summary: 'first' }),
  LCSTSDataset: (n) => ({ content: `ask ${n}?`, abst: 'first' }),
  LongBenchDataset: (n) => ({
    ...{ context: `ask ${n}?`, input: 'Which?', answers: ['first'] },
    all_labels: { answers: ['first'], all_classes: ['first', 'second'] },
  }),
  MMMUDataset: imageRow,
  MMMUProOptions10Dataset: imageRow,
  MMMUProVisionDataset: imageRow,
  MMStarDataset: imageRow,
  MathVisionDataset: imageRow,
  DocVQADataset: imageRow,
  InfoVQADataset: imageRow,
  TEXTVQADataset: imageRow,
  RealworldQADataset: imageRow,
};

function imageRow(n: number): Row {
  return { content: imagesFirst(['file:///a.png'], `ask ${n}?`), answer: { answer: 'B', groups: [] } };
}

function gapRow(n: number): Row {
  return { prompt: `ask ${n} _?`, only_option1: 'first', only_option2: 'second', answer: 'B' };
}

async function configsOf(name: string): Promise<DatasetConfig[]> {
  const [file] = findConfigs('datasets', name, { base: '', own: shipped, shipped });
  const values = Object.entries(await import(file!.path));
  return values
    .filter(([key]) => key.endsWith('_datasets'))
    .flatMap(([, list]) => list as unknown[])
    .map((entry) => datasetSchema.parse(entry));
}

/** The asked row is the 99th; what is shown of the others is told by their numbers. */
function asked({ type, infer_cfg, reader_cfg }: DatasetConfig): { texts: string[]; shown: number } {
  const make = ROWS[String(type)]!;
  const train = Array.from({ length: 30 }, (_, n) => make(n));
  const isChoice = infer_cfg.inferencer.type === 'PPLInferencer';
  const prompts = isChoice
    ? labelRenderer(infer_cfg, reader_cfg, undefined, train)
        .render(make(99))
        .map(({ prompt }) => prompt)
    : [promptRenderer(infer_cfg, reader_cfg, undefined, train)(make(99))];
  const texts = prompts.map((prompt) => (typeof prompt === 'string' ? prompt : JSON.stringify(prompt)));
  return { texts, shown: texts[0]!.match(/ask \d+/g)!.length - 1 };
}

describe.each(NAMES)('%s', (name) => {
  it('asks every entry’s question after its worked examples, all columns filled', async () => {
    const configs = await configsOf(name);
    expect(configs.length).toBeGreaterThan(0);
    for (const config of configs) {
      expect(Object.keys(catalog.datasets)).toContain(config.type);
      const { texts, shown } = asked(config);
      const { fix_id_list = [] } = config.infer_cfg.retriever as { fix_id_list?: number[] };
      expect(shown).toBe(fix_id_list.length);
      for (const text of texts) {
        expect(text).toMatch(/ask 99/);
        expect(text).not.toMatch(/\{[a-zA-Z_0-9]+\}|<\/E>|undefined|\[object/);
      }
      expect(new Set(texts).size).toBe(texts.length);
    }
    expect(new Set(configs.map(({ abbr }) => abbr)).size).toBe(configs.length);
  });
});

it('every config of these families is one of AISBench’s, or a part of others', () => {
  const exams = 'SuperGLUE_BoolQ agieval bbh ceval cmmlu gpqa mmlu mmlu_pro race'.split(' ');
  const senses = 'ARC_c ARC_e hellaswag piqa siqa winogrande'.split(' ');
  const texts = 'Xsum drop lambada lcsts longbench longbenchv2 triviaqa'.split(' ');
  const fewclue = 'bustm chid cluewsc csl eprstmt tnews'.split(' ').map((task) => `FewCLUE_${task}`);
  const others = 'livecodebench dapo_math hle aa_lcr leval'.split(' ');
  const images = 'docvqa infovqa mathvision mmmu mmmu_pro mmstar realworldqa textvqa'.split(' ');
  const files = [...exams, ...senses, ...texts, ...others, ...fewclue, ...images].flatMap((family) =>
    readdirSync(join(shipped, 'datasets', family)),
  );
  const configs = files.map((file) => basename(file, '.js')).filter((file) => !file.startsWith('_'));
  expect(configs.sort()).toEqual([...NAMES].sort());
});
