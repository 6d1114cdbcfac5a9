/** Config names that AISBench ships (aisbench.md App. G, §2.1, §2.4). */

const LENGTHS = ['4k', '8k', '32k', '128k', '200k', '256k', '1000k'];

/** The 21 subsets of LongBench. */
const LONGBENCH =
  '2wikimqa dureader gov_report hotpotqa lcc lsht multi_news multifieldqa_en multifieldqa_zh musique narrativeqa passage_count passage_retrieval_en passage_retrieval_zh qasper qmsum repobench samsum trec triviaqa vcsum'.split(
    ' ',
  );

/** Family → names, split at spaces; a leading `_` stands for the family's name. */
const FAMILIES: Readonly<Record<string, string>> = {
  ARC_c: '_gen_0_shot_chat_prompt _gen_25_shot_chat_prompt _ppl_0_shot_str',
  ARC_e: '_gen_0_shot_chat_prompt _gen_25_shot_chat_prompt _ppl_0_shot_str',
  BFCL: '_gen_all _gen_ids _gen_irrelevance _gen_java _gen_javascript _gen_live _gen_live_irrelevance _gen_live_multiple _gen_live_parallel _gen_live_parallel_multiple _gen_live_relevance _gen_live_simple _gen_multi_turn _gen_multi_turn_base _gen_multi_turn_long_context _gen_multi_turn_miss_func _gen_multi_turn_miss_param _gen_multiple _gen_non_live _gen_parallel _gen_parallel_multiple _gen_simple _gen_single_turn',
  FewCLUE_bustm: '_ppl_0_shot_chat',
  FewCLUE_chid: '_ppl_0_shot_str',
  FewCLUE_cluewsc: '_ppl_0_shot_chat',
  FewCLUE_csl: '_ppl_0_shot_str',
  FewCLUE_eprstmt: '_ppl_0_shot_chat',
  FewCLUE_tnews: '_ppl_0_shot_chat',
  SuperGLUE_BoolQ:
    '_gen _gen_0_shot_cot_str _gen_0_shot_noncot_str _gen_0_shot_str _gen_0_shot_str_perf _gen_5_shot_str',
  Xsum: '_gen _gen_0_shot_chat _gen_0_shot_str',
  aa_lcr: '_llmjudge',
  agieval: '_gen_0_shot_chat_prompt',
  aime2024: '_gen _gen_0_shot_chat_prompt _gen_0_shot_str',
  aime2025: '_gen _gen_0_shot_chat_prompt _gen_0_shot_llmjudge',
  aime2026: '_gen _gen_0_shot_chat_prompt _gen_0_shot_str',
  bbh: '_free_form_sets_lib_prompt _gen _gen_3_shot_cot_chat _multiple_choice_sets_lib_prompt _subset_settings',
  ceval:
    '_gen _gen_0_shot_cot_chat_prompt _gen_0_shot_noncot_chat_prompt _gen_0_shot_str _gen_0_shot_str_perf _gen_5_shot_str _ppl_0_shot_str',
  cmmlu: '_gen_0_shot_cot_chat_prompt _gen_5_shot_cot_chat_prompt _ppl_0_shot_cot_chat_prompt',
  custom: '_mcq_gen _qa_gen',
  dapo_math: '_gen _gen_0_shot_cot_str _gen_0_shot_str',
  demo: '_gsm8k_gen_0_shot_cot_str_perf _gsm8k_gen_4_shot_cot_chat_prompt',
  docvqa: '_gen',
  drop: '_gen_0_shot_str _gen_3_shot_str',
  gedit: '_gen_0_shot_llmjudge',
  geometry3k: '_gen',
  gpqa: '_gen _gen_0_shot_cot_chat_prompt _gen_0_shot_str _ppl_0_shot_str',
  gsm8k:
    '_gen _gen_0_shot_cot_chat_prompt _gen_0_shot_cot_str _gen_0_shot_cot_str_perf _gen_0_shot_noncot_chat_prompt _gen_4_shot_cot_chat_prompt _gen_4_shot_cot_str',
  hellaswag: '_gen_0_shot_chat_prompt _gen_10_shot_chat_prompt _ppl_0_shot_chat_prompt',
  hle: '_llmjudge',
  humaneval: '_gen_0_shot _gen_0_shot_perf',
  humanevalx: '_gen_0_shot',
  ifbench: '_0_shot_gen_str',
  ifeval: '_0_shot_gen_str',
  infovqa: '_gen',
  lambada: '_gen _gen_0_shot_chat _gen_0_shot_str',
  lcsts: '_gen _gen_0_shot_chat _gen_0_shot_str',
  leval:
    '_code_u_gen _coursera_gen _financial_qa_gen _gov_report_summ_gen _gsm100_gen _legal_contract_qa_gen _meeting_summ_gen _multidoc_qa_gen _narrative_qa_gen _natural_question_gen _news_summ_gen _paper_assistant_gen _patent_summ_gen _quality_gen _review_summ_gen _sci_fi_gen _scientific_qa_gen _topic_retrieval_gen _tpo_gen _tv_show_summ_gen',
  livecodebench:
    '_0_shot_chat_v4_v5 _0_shot_chat_v4_v5_v6 _0_shot_chat_v6 _code_generate_lite_gen_0_shot_chat',
  // The twins with a hash in their names are left out: App. G does not tell the hashes.
  longbench: ['longbench', ...LONGBENCH.map((subset) => `_${subset}_gen`)].join(' '),
  longbenchv2: '_gen _gen_75fbba',
  math: 'math500_gen_0_shot_cot_chat_prompt _prm800k_500_0shot_cot_gen _prm800k_500_5shot_cot_gen',
  mathvision: '_gen',
  mbpp: '_passk_gen_3_shot_chat_prompt sanitized_mbpp_passk_gen_3_shot_chat_prompt',
  mgsm: '_gen_0_shot_cot_chat_prompt _gen_8_shot_cot_chat_prompt',
  mm_custom: '_gen',
  mmlu: '_gen _gen_0_shot_cot_chat_prompt _gen_5_shot_chat_prompt _gen_5_shot_str _ppl_0_shot_str',
  mmlu_pro: '_categories _gen_0_shot_str _gen_5_shot_str',
  mmmu: '_gen',
  mmmu_pro: '_options10_cot_gen _options10_gen _vision_cot_gen _vision_gen',
  mmstar: '_gen _gen_cot',
  mooncake_trace: '_gen',
  mtbench: '_gen',
  needlebench_v2: [
    'atc_0shot_nocot_2_power_en',
    '_multi_retrieval_compare_batch_8k',
    ...['', 'multi_reasoning_', 'single_', 'multi_retrieval_'].flatMap((task) =>
      LENGTHS.map((length) => `_${task}${length}`),
    ),
  ].join(' '),
  ocrbench_v2: '_gen_0_shot_chat',
  omnidocbench: '_gen',
  piqa: '_gen_0_shot_chat_prompt _gen_0_shot_str _ppl_0_shot_str',
  race: '_gen _high_gen_5_shot_chat _high_gen_5_shot_cot_chat _middle_gen_5_shot_chat _middle_gen_5_shot_cot_chat _ppl_0_shot_chat',
  realworldqa: '_gen _gen_base64',
  refcoco: '_gen _gen_base64',
  refcoco_plus: '_gen _gen_base64',
  refcocog: '_gen _gen_base64',
  sharegpt: '_gen',
  siqa: '_gen _gen_0_shot_chat _ppl_0_shot_chat',
  synthetic: '_gen _gen_string _gen_tokenid',
  textvqa: 'glm4v_textvqa_gen_base64 _gen _gen_base64',
  triviaqa: '_gen_5_shot_chat_prompt',
  videobench: '_gen _gen_base64',
  videomme: '_gen',
  vocalsound: '_gen _gen_base64',
  winogrande: '_gen_0_shot_chat_prompt _gen_5_shot_chat_prompt',
};

/** Families of dataset configs with the whole names of their configs. */
export const DATASET_FAMILIES: readonly (readonly [family: string, names: readonly string[]])[] =
  Object.entries(FAMILIES).map(([family, names]) => [
    family,
    names.split(' ').map((name) => (name.startsWith('_') ? family + name : name)),
  ]);

/** Families that issues name: `not implemented yet` is no answer for these. */
export const PROMISED: ReadonlySet<string> = new Set(
  'gsm8k math aime2024 aime2025 aime2026 mgsm mmlu mmlu_pro ceval cmmlu gpqa bbh agieval ARC_c ARC_e hellaswag winogrande piqa siqa race SuperGLUE_BoolQ triviaqa drop lambada humaneval mbpp livecodebench ifeval ifbench longbench longbenchv2 needlebench_v2 leval FewCLUE_bustm FewCLUE_chid FewCLUE_cluewsc FewCLUE_csl FewCLUE_eprstmt FewCLUE_tnews dapo_math hle aa_lcr BFCL custom demo mm_custom mooncake_trace mtbench sharegpt synthetic mmmu mmmu_pro mmstar mathvision docvqa infovqa textvqa realworldqa refcoco refcoco_plus refcocog geometry3k'.split(
    ' ',
  ),
);

export const MODEL_CONFIGS: readonly string[] = [
  'vllm_api_general',
  'vllm_api_general_stream',
  'vllm_api_general_chat',
  'vllm_api_stream_chat',
  'vllm_api_stream_chat_multiturn',
  'vllm_api_function_call_chat',
  'vllm_api_old',
  'mindie_stream_api_general',
  'tgi_api_general',
  'tgi_stream_api_general',
  'triton_api_general',
  'triton_stream_api_general',
  'vita_generate_chat',
  'hf_base_model',
  'hf_chat_model',
  'hf_causal_lm',
  'hf_model',
  'hf_qwenvl_model',
  'vllm_offline_vl_model',
  'qwen_image_edit',
];

/** Classes of datasets and evaluators that descriptions of AISBench name, beside those of its configs' families. */
export const CLASSES: readonly string[] =
  'CustomDataset DropOpenAIDataset HFDataset MATHDataset MooncakeTraceDataset SyntheticDataset TriviaQADataset MTBenchDataset ShareGPTDataset MMCustomDataset BFCLDataset HumanevalXDataset VideoBenchDataset VideoMMEDataset VocalSoundDataset OCRBenchV2Dataset OmniDocBenchDataset GEditDataset AccEvaluator AccwithDetailsEvaluator AccContaminationEvaluator EDAccEvaluator RougeEvaluator JiebaRougeEvaluator SquadEvaluator MATHEvaluator BBoxIoUEvaluator BFCLEvaluator BFCLSingleTurnEvaluator BFCLRelevanceEvaluator BFCLMultiTurnEvaluator DropOpenAIEvaluator Gsm8kEvaluator HumanevalXEvaluator LLMJudgeCorrectEvaluator LMMJudgeImageEditEvaluator MGSM_Evaluator MMCustomEvaluator MMLUProBaseEvaluator MTBenchEvaluator ShareGPTEvaluator OCRBenchV2Evaluator OmniDocBenchEvaluator VideoBenchEvaluator VideoMMEEvaluator VocalSoundEvaluator LMMGenInferencer GenInferencer MultiTurnGenInferencer PPLInferencer BFCLV3FunctionCallInferencer'.split(
    ' ',
  );
