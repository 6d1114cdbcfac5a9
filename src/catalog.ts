/** Short names → modules: what a config's `type` may say. Each module is loaded when it is named. */
import type { Catalog, PythonClasses } from './config/catalog.ts';

const instructions = () => import('./evaluate/evaluators/ifeval.ts');
const demos = () => import('./dataset/builtin/demos.ts');
const math = () => import('./dataset/builtin/math.ts');
const userData = () => import('./dataset/builtin/custom.ts');
const imageExams = () => import('./dataset/builtin/image-exams.ts');
const imageQuestions = () => import('./dataset/builtin/image-questions.ts');
const traffic = () => import('./dataset/builtin/traffic.ts');
const instructionData = () => import('./dataset/builtin/instructions.ts');
const exams = () => import('./dataset/builtin/exams.ts');
const commonSense = () => import('./dataset/builtin/common-sense.ts');
const code = () => import('./dataset/builtin/code.ts');
const longContext = () => import('./dataset/builtin/long-context.ts');
const language = () => import('./dataset/builtin/language.ts');
const needleBenchData = () => import('./dataset/builtin/needlebench.ts');
const gsm8k = () => import('./evaluate/evaluators/gsm8k.ts');
const gguf = () => import('./models/local/llama.ts');
const huggingFace = () => import('./models/local/worker-model.ts');
const codeExtraction = () => import('./evaluate/code/programs.ts');
const imageChoice = () => import('./evaluate/evaluators/image-choice.ts');
const images = () => import('./evaluate/evaluators/images.ts');
const codeScorers = () => import('./evaluate/evaluators/code.ts');
const mathExtraction = () => import('./evaluate/math/extract-math.ts');
const mathScorers = () => import('./evaluate/evaluators/math.ts');
const letters = () => import('./evaluate/choice/letters.ts');
const patterns = () => import('./evaluate/choice/patterns.ts');
const choice = () => import('./evaluate/evaluators/choice.ts');
const shortAnswers = () => import('./evaluate/choice/short-answers.ts');
const longBenchData = async () => (await import('./dataset/builtin/long-context.ts')).LongBenchDataset;
const levalData = async () => (await import('./dataset/builtin/long-context.ts')).LEvalDataset;
const judge = () => import('./evaluate/evaluators/llm-judge.ts');
const longContextScorers = () => import('./evaluate/evaluators/long-context.ts');
const longBench = () => import('./evaluate/evaluators/longbench.ts');
const texts = () => import('./evaluate/evaluators/texts.ts');
const stated = () => import('./evaluate/text/stated-answer.ts');

/** Tasks for each of which AISBench has a dataset class: one class reads them. */
const LONGBENCH =
  '2wikimqa dureader gov_report hotpotqa lcc lsht multi_news multifieldqa_en multifieldqa_zh musique narrativeqa passage_count passage_retrieval_en passage_retrieval_zh qasper qmsum repobench samsum trec triviaqa vcsum';
const LEVAL =
  'CodeU Coursera FinancialQA GovReportSumm GSM100 LegalContractQA MeetingSumm MultidocQA NarrativeQA NaturalQuestion NewsSumm PaperAssistant PatentSumm Quality ReviewSumm SciFi ScientificQA TopicRetrieval TPO TVShowSumm';

function byTask<T>(family: string, make: T, tasks: string): Record<string, T> {
  return Object.fromEntries(tasks.split(' ').map((task) => [`${family}${task}Dataset`, make]));
}

type Words<S extends string> = S extends `${infer First} ${infer Rest}` ? First | Words<Rest> : S;

/** Parts of one module whose names in configs are those of its exports, parted by blanks. */
function named<M extends object, S extends string>(
  load: () => Promise<M>,
  names: Words<S> extends keyof M ? S : never,
): { readonly [N in Words<S> & keyof M]: () => Promise<M[N]> } {
  const entries = names.split(' ').map((name) => [name, async () => (await load())[name as keyof M]]);
  return Object.fromEntries(entries);
}

export const catalog = {
  models: {
    VLLMCustomAPI: async () => (await import('./models/api/vllm-custom-api.ts')).VLLMCustomAPI,
    VLLMCustomAPIChat: async () => (await import('./models/api/vllm-custom-api-chat.ts')).VLLMCustomAPIChat,
    VLLMCustomAPIOld: async () => (await import('./models/api/vllm-custom-api-old.ts')).VLLMCustomAPIOld,
    TGICustomAPI: async () => (await import('./models/api/tgi-custom-api.ts')).TGICustomAPI,
    TritonCustomAPI: async () => (await import('./models/api/triton-custom-api.ts')).TritonCustomAPI,
    MindieStreamApi: async () => (await import('./models/api/mindie-stream-api.ts')).MindieStreamApi,
    VITAGenerateAPI: async () => (await import('./models/api/vita-generate-api.ts')).VITAGenerateAPI,
    OpenAIResponses: async () => (await import('./models/api/openai-responses.ts')).OpenAIResponses,
    AnthropicMessages: async () => (await import('./models/api/anthropic-messages.ts')).AnthropicMessages,
    OllamaAPI: async () => (await import('./models/api/ollama-api.ts')).OllamaAPI,
    GeminiAPI: async () => (await import('./models/api/gemini-api.ts')).GeminiAPI,
    SGLangAPI: async () => (await import('./models/api/sglang-api.ts')).SGLangAPI,
    LlamaCppAPI: async () => (await import('./models/api/llama-cpp-api.ts')).LlamaCppAPI,
    TritonGRPC: async () => (await import('./models/api/triton-grpc.ts')).TritonGRPC,
    GGUFwithChatTemplate: async () => (await gguf()).GGUFwithChatTemplate,
    GGUFBaseModel: async () => (await gguf()).GGUFBaseModel,
    HuggingFacewithChatTemplate: async () => (await huggingFace()).HuggingFacewithChatTemplate,
    HuggingFaceBaseModel: async () => (await huggingFace()).HuggingFaceBaseModel,
    HuggingFace: async () => (await huggingFace()).HuggingFace,
    HuggingFaceCausalLM: async () => (await huggingFace()).HuggingFaceCausalLM,
    HuggingFaceVL: async () => (await huggingFace()).HuggingFaceVL,
    HuggingFaceQwen2VLwithChatTemplate: async () => (await huggingFace()).HuggingFaceQwen2VLwithChatTemplate,
    VLLMOfflineVLModel: async () => (await huggingFace()).VLLMOfflineVLModel,
  },
  datasets: {
    ...named(
      math,
      'GSM8KDataset MATHDataset Math500Dataset DAPOMathDataset MGSMSDataset Aime2024Dataset Aime2025Dataset Aime2026Dataset',
    ),
    ...named(userData, 'CustomDataset FileDataset MMCustomDataset'),
    ...named(
      imageExams,
      'MMMUDataset MathVisionDataset Geometry3KDataset MMMUProOptions10Dataset MMMUProVisionDataset',
    ),
    ...named(
      imageQuestions,
      'MMStarDataset DocVQADataset InfoVQADataset TEXTVQADataset RealworldQADataset RefCOCODataset RefCOCOPlusDataset RefCOCOgDataset',
    ),
    ...named(traffic, 'ShareGPTDataset MTBenchDataset MooncakeTraceDataset'),
    ...named(instructionData, 'IFEvalDataset IFBenchDataset BFCLDataset'),
    ...named(
      exams,
      'MMLUDataset MMLUProDataset CEvalDataset CMMLUDataset BBHDataset AGIEvalDataset_v2 HLEDataset GPQADataset GPQASimpleEvalDataset',
    ),
    ...named(
      commonSense,
      'ARCDataset siqaDataset_V2 RaceDataset HellaswagDataset HellaswagDataset_V2 HellaswagDataset_V3 HellaswagDatasetwithICE WinograndeDataset WinograndeDatasetV2 WinograndeDatasetV3 PIQADataset PIQADatasetV2 PIQADatasetV3 BoolQDatasetV2 BoolQDatasetV3',
    ),
    ...named(
      code,
      'HumanevalDataset LCBCodeGenerationDataset MBPPDataset MBPPDatasetV2 SanitizedMBPPDataset',
    ),
    ...named(longContext, 'AALCRDataset LongBenchv2Dataset'),
    ...named(
      language,
      'TriviaQADataset TriviaQADataset_V2 dropOpenAIDataset lambadaDataset XsumDataset LCSTSDataset BUSTMDataset EPRSTMTDataset CHIDDataset CluewscDataset CslDataset TNewsDataset',
    ),
    ...named(demos, 'DemoGSM8KDataset DemoMultiTurnDataset DemoShapesDataset DemoMcqDataset'),

    HFDataset: async () => (await import('./dataset/builtin/hf-files.ts')).HFDataset,
    SyntheticDataset: async () => (await import('./dataset/builtin/synthetic.ts')).SyntheticDataset,

    ...named(
      needleBenchData,
      'NeedleBenchOriginDataset NeedleBenchParallelDataset NeedleBenchMultiDataset NeedleBenchATCDataset',
    ),
    LongBenchDataset: longBenchData,
    ...byTask('LongBench', longBenchData, LONGBENCH),
    LEvalDataset: levalData,
    ...byTask('LEval', levalData, LEVAL),
  },
  evaluators: {
    AccEvaluator: async () => (await choice()).accEvaluator,
    Gsm8kEvaluator: async () => (await gsm8k()).gsm8kEvaluator,
    IFEvaluator: async () => (await instructions()).ifEvaluator,
    IFBenchEvaluator: async () => (await instructions()).ifBenchEvaluator,
    MMCustomEvaluator: async () => (await choice()).mmCustomEvaluator,
    AccwithDetailsEvaluator: async () => (await choice()).accWithDetailsEvaluator,
    EDAccEvaluator: async () => (await choice()).edAccEvaluator,
    OptionSimAccEvaluator: async () => (await choice()).optionSimAccEvaluator,
    MMLUProBaseEvaluator: async () => (await choice()).mmluProBaseEvaluator,
    BBHEvaluator: async () => (await choice()).bbhEvaluator,
    BBHEvaluator_mcq: async () => (await choice()).bbhEvaluatorMcq,
    AGIEvalEvaluator: async () => (await mathScorers()).agievalEvaluator,
    GPQAEvaluator: async () => (await choice()).accEvaluator,
    AGIEvalEvaluator_mcq: async () => (await choice()).accEvaluator,
    HumanEvalEvaluator: async () => (await codeScorers()).humanEvalEvaluator,
    LCBCodeGenerationEvaluator: async () =>
      (await import('./evaluate/evaluators/livecodebench.ts')).lcbCodeGenerationEvaluator,
    MBPPEvaluator: async () => (await codeScorers()).mbppEvaluator,
    MBPPPassKEvaluator: async () => (await codeScorers()).mbppPassKEvaluator,
    LLMJudgeCorrectEvaluator: async () => (await judge()).llmJudgeCorrectEvaluator,
    HLEJudgeEvaluator: async () => (await judge()).hleJudgeEvaluator,
    AALCRJudgeEvaluator: async () => (await judge()).aaLcrJudgeEvaluator,
    StringMatchEvaluator: async () => (await choice()).stringMatchEvaluator,
    MATHEvaluator: async () => (await mathScorers()).mathEvaluator,
    DAPOMathEvaluator: async () => (await mathScorers()).dapoMathEvaluator,
    DAPOMathEvaluatorV2: async () => (await mathScorers()).dapoMathEvaluatorV2,
    BFCLSingleTurnEvaluator: async () =>
      (await import('./evaluate/evaluators/bfcl.ts')).bfclSingleTurnEvaluator,
    BFCLRelevanceEvaluator: async () =>
      (await import('./evaluate/evaluators/bfcl.ts')).bfclRelevanceEvaluator,
    BFCLEvaluator: async () => (await import('./evaluate/evaluators/bfcl.ts')).bfclEvaluator,
    MGSM_Evaluator: async () => (await gsm8k()).mgsmEvaluator,
    TriviaQAEvaluator: async () => (await texts()).triviaQAEvaluator,
    DropOpenAIEvaluator: async () => (await texts()).dropOpenAIEvaluator,
    dropOpenAIEvaluator: async () => (await texts()).dropOpenAIEvaluator,
    LambadaEvaluator: async () => (await texts()).lambadaEvaluator,
    LongBenchv2Evaluator: async () =>
      (await import('./evaluate/evaluators/longbench.ts')).longBenchv2Evaluator,
    NeedleBenchOriginEvaluator: async () => (await longContextScorers()).needleBenchOriginEvaluator,
    NeedleBenchParallelEvaluator: async () => (await longContextScorers()).needleBenchParallelEvaluator,
    NeedleBenchATCEvaluator: async () => (await longContextScorers()).needleBenchATCEvaluator,
    LEvalEMEvaluator: async () => (await longContextScorers()).levalEMEvaluator,
    CodeUEvaluator: async () => (await longContextScorers()).codeUEvaluator,
    SciFiEvaluator: async () => (await longContextScorers()).sciFiEvaluator,
    LongBenchF1Evaluator: async () => (await longBench()).longBenchF1Evaluator,
    LongBenchRougeEvaluator: async () => (await longBench()).longBenchRougeEvaluator,
    LongBenchCountEvaluator: async () => (await longBench()).longBenchCountEvaluator,
    LongBenchRetrievalEvaluator: async () => (await longBench()).longBenchRetrievalEvaluator,
    LongBenchCodeSimEvaluator: async () => (await longBench()).longBenchCodeSimEvaluator,
    LongBenchClassificationEvaluator: async () => (await longBench()).longBenchClassificationEvaluator,
    JiebaRougeEvaluator: async () => (await import('./evaluate/evaluators/rouge.ts')).jiebaRougeEvaluator,
    RougeEvaluator: async () => (await import('./evaluate/evaluators/rouge.ts')).rougeEvaluator,
    SquadEvaluator: async () => (await import('./evaluate/text/squad.ts')).squadEvaluator,
    ANLSEvaluator: async () => (await images()).anlsEvaluator,
    DocVQAEvaluator: async () => (await images()).docVQAEvaluator,
    InfoVQAEvaluator: async () => (await images()).infoVQAEvaluator,
    TEXTEvaluator: async () => (await images()).textEvaluator,
    TEXTEvaluatorForGlm4v: async () => (await images()).textEvaluatorForGlm4v,
    MMMUEvaluator: async () => (await imageChoice()).mmmuEvaluator,
    MMMUProEvaluator: async () => (await imageChoice()).mmmuProEvaluator,
    MMMUProCotEvaluator: async () => (await imageChoice()).mmmuProCotEvaluator,
    MathVisionEvaluator: async () => (await imageChoice()).mathVisionEvaluator,
    MMStarEvaluator: async () => (await imageChoice()).mmStarEvaluator,
    BBoxIoUEvaluator: async () => (await images()).bboxIoUEvaluator,
    Geometry3KEvaluator: async () => (await mathScorers()).geometry3kEvaluator,
    RealworldQAEvaluator: async () =>
      (await import('./evaluate/evaluators/image-choice.ts')).realworldQAEvaluator,
  },
  predPostprocessors: {
    whole_text: async () => (await choice()).wholeText,
    stated_answer: async () => (await stated()).statedAnswer,
    first_line: async () => (await stated()).firstLine,
    pattern_postprocess: async () => (await patterns()).patternPostprocess,
    gsm8k_postprocess: async () => (await gsm8k()).gsm8kPostprocess,
    gsm100_postprocess: async () => (await longContextScorers()).gsm100Postprocess,
    'first-capital': async () => (await letters()).firstCapital,
    'last-capital': async () => (await letters()).lastCapital,
    'first-capital-multi': async () => (await letters()).firstCapitalMulti,
    'multiple-select': async () => (await letters()).multipleSelect,
    first_option_postprocess: async () => (await letters()).firstOptionPostprocess,
    last_option_postprocess: async () => (await letters()).lastOptionPostprocess,
    first_number_postprocess: async () => (await patterns()).firstNumberPostprocess,
    match_answer_pattern: async () => (await patterns()).matchAnswerPattern,
    GPQA_Simple_Eval_postprocess: async () => (await patterns()).gpqaSimpleEval,
    'specific-xml-tag': async () => (await patterns()).specificXmlTag,
    general: async () => (await shortAnswers()).general,
    general_cn: async () => (await shortAnswers()).generalCn,
    'bbh-mcq': async () => (await shortAnswers()).bbhMcq,
    'bbh-freeform': async () => (await shortAnswers()).bbhFreeform,
    'keep-reasoning-content': async () => (await shortAnswers()).keepReasoningContent,
    'extract-non-reasoning-content': async () => (await shortAnswers()).extractNonReasoningContent,
    // The same by the names of AISBench's functions, which its configs import.
    first_capital_postprocess: async () => (await letters()).firstCapital,
    last_capital_postprocess: async () => (await letters()).lastCapital,
    first_capital_postprocess_multi: async () => (await letters()).firstCapitalMulti,
    multiple_select_postprocess: async () => (await letters()).multipleSelect,
    xml_tag_postprocessor: async () => (await patterns()).specificXmlTag,
    general_postprocess: async () => (await shortAnswers()).general,
    general_cn_postprocess: async () => (await shortAnswers()).generalCn,
    bbh_mcq_postprocess: async () => (await shortAnswers()).bbhMcq,
    bbh_freeform_postprocess: async () => (await shortAnswers()).bbhFreeform,
    keep_reasoning_content: async () => (await shortAnswers()).keepReasoningContent,
    extract_non_reasoning_content: async () => (await shortAnswers()).extractNonReasoningContent,
    humaneval_postprocess: async () => (await codeExtraction()).humanevalPostprocess,
    humaneval_postprocess_v2: async () => (await codeExtraction()).humanevalPostprocess,
    mbpp_postprocess: async () => (await codeScorers()).mbppPostprocess,
    hle_verdict: async () => (await judge()).hleVerdictReply,
    get_a_or_b: async () => (await judge()).getAOrB,
    math_postprocess: async () => (await mathExtraction()).mathPostprocess,
    math_postprocess_v2: async () => (await mathExtraction()).mathPostprocessV2,
    math_answer_postprocess: async () => (await mathExtraction()).mathAnswerPostprocess,
    dapo_math_postprocess: async () => (await mathScorers()).dapoMathPostprocess,
    dapo_math_postprocess_v2: async () => (await mathScorers()).dapoMathPostprocessV2,
    bfcl_reply: async () => (await import('./evaluate/evaluators/bfcl.ts')).bfclReply,
    mgsm_postprocess: async () => (await gsm8k()).mgsmPostprocess,
    needlebench: async () => (await choice()).wholeText,
    needlebench_postprocess: async () => (await choice()).wholeText,
    needlebench_atc_postprocess_v2: async () => (await longContextScorers()).needleBenchAtcPostprocess,
    refcoco_bbox_1000: async () => (await images()).refcocoBbox,
    refcoco_bbox_postprocess: async () => (await images()).refcocoBbox,
    Xsum: async () => (await stated()).xsumLine,
    Xsum_postprocess: async () => (await stated()).xsumLine,
    lcsts: async () => (await stated()).lcstsHeadline,
    lcsts_postprocess: async () => (await stated()).lcstsHeadline,
    // LongBench's, a name a task.
    trec_postprocess: async () => (await stated()).firstLine,
    triviaqa_postprocess: async () => (await stated()).firstLine,
    samsum_postprocess: async () => (await stated()).firstLine,
    lsht_postprocess: async () => (await stated()).firstLine,
  },
  datasetPostprocessors: {
    gsm8k_dataset_postprocess: async () => (await import('./dataset/builtin/math.ts')).gsm8kGold,
    gsm100_dataset_postprocess: async () => (await longContextScorers()).gsm100DatasetPostprocess,
    needlebench_dataset_postprocess: async () => (gold: string) => gold,
    'bbh-mcq': async () => (await shortAnswers()).bbhMcqReference,
    bbh_mcq_postprocess: async () => (await shortAnswers()).bbhMcqReference,
  },
} as const satisfies Catalog;

/** Classes that users wrote in Python run in a worker. */
export const pythonClasses: PythonClasses = async ({ service, ...place }) =>
  service === undefined
    ? (await import('./models/local/worker-model.ts')).pythonModelClass(place)
    : (await import('./models/api/python-api-model.ts')).pythonAPIModelClass({ ...place, ...service });
