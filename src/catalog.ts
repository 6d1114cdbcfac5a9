/** Short names → modules: what a config's `type` may say. Each module is loaded when it is named. */
import type { Catalog, PythonClasses } from './config/catalog.ts';

const gsm8kEvaluation = () => import('./evaluate/evaluators/gsm8k.ts');
const gguf = () => import('./models/local/llama.ts');
const huggingFace = () => import('./models/local/huggingface.ts');
const huggingFaceVL = () => import('./models/local/huggingface-vl.ts');
const mathExtraction = () => import('./evaluate/math/extract-math.ts');
const gsm8kExtraction = () => import('./evaluate/extract-gsm8k.ts');

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
    GGUFwithChatTemplate: async () => (await gguf()).GGUFwithChatTemplate,
    GGUFBaseModel: async () => (await gguf()).GGUFBaseModel,
    HuggingFacewithChatTemplate: async () => (await huggingFace()).HuggingFacewithChatTemplate,
    HuggingFaceBaseModel: async () => (await huggingFace()).HuggingFaceBaseModel,
    HuggingFace: async () => (await huggingFace()).HuggingFace,
    HuggingFaceCausalLM: async () => (await huggingFace()).HuggingFaceCausalLM,
    HuggingFaceVL: async () => (await huggingFaceVL()).HuggingFaceVL,
    HuggingFaceQwen2VLwithChatTemplate: async () =>
      (await huggingFaceVL()).HuggingFaceQwen2VLwithChatTemplate,
    VLLMOfflineVLModel: async () => (await import('./models/local/vllm-offline-vl.ts')).VLLMOfflineVLModel,
  },
  datasets: {
    GSM8KDataset: async () => (await import('./dataset/builtin/gsm8k.ts')).GSM8KDataset,
    DemoGSM8KDataset: async () => (await import('./dataset/builtin/demo-gsm8k.ts')).DemoGSM8KDataset,
    DemoMultiTurnDataset: async () =>
      (await import('./dataset/builtin/demo-multi-turn.ts')).DemoMultiTurnDataset,
    DemoShapesDataset: async () => (await import('./dataset/builtin/demo-shapes.ts')).DemoShapesDataset,
    MMCustomDataset: async () => (await import('./dataset/builtin/mm-custom.ts')).MMCustomDataset,
    SyntheticDataset: async () => (await import('./dataset/builtin/synthetic.ts')).SyntheticDataset,
    ShareGPTDataset: async () => (await import('./dataset/builtin/sharegpt.ts')).ShareGPTDataset,
    MTBenchDataset: async () => (await import('./dataset/builtin/mtbench.ts')).MTBenchDataset,
    MooncakeTraceDataset: async () =>
      (await import('./dataset/builtin/mooncake-trace.ts')).MooncakeTraceDataset,
    CustomDataset: async () => (await import('./dataset/builtin/custom.ts')).CustomDataset,
    DemoMcqDataset: async () => (await import('./dataset/builtin/demo-mcq.ts')).DemoMcqDataset,
    MATHDataset: async () => (await import('./dataset/builtin/math.ts')).MATHDataset,
    Math500Dataset: async () => (await import('./dataset/builtin/math.ts')).Math500Dataset,
    Aime2024Dataset: async () => (await import('./dataset/builtin/aime.ts')).Aime2024Dataset,
    Aime2025Dataset: async () => (await import('./dataset/builtin/aime.ts')).Aime2025Dataset,
    Aime2026Dataset: async () => (await import('./dataset/builtin/aime.ts')).Aime2026Dataset,
    MGSMSDataset: async () => (await import('./dataset/builtin/mgsm.ts')).MGSMSDataset,
  },
  evaluators: {
    AccEvaluator: async () => (await import('./evaluate/evaluators/acc.ts')).accEvaluator,
    Gsm8kEvaluator: async () => (await gsm8kEvaluation()).gsm8kEvaluator,
    MATHEvaluator: async () => (await import('./evaluate/evaluators/math.ts')).mathEvaluator,
    MGSM_Evaluator: async () => (await import('./evaluate/extract-mgsm.ts')).mgsmEvaluator,
  },
  predPostprocessors: {
    whole_text: async () => (await import('./evaluate/whole-text.ts')).wholeText,
    gsm8k_postprocess: async () => (await gsm8kExtraction()).gsm8kPostprocess,
    math_postprocess: async () => (await mathExtraction()).mathPostprocess,
    math_postprocess_v2: async () => (await mathExtraction()).mathPostprocessV2,
    math_answer_postprocess: async () => (await mathExtraction()).mathAnswerPostprocess,
    mgsm_postprocess: async () => (await import('./evaluate/extract-mgsm.ts')).mgsmPostprocess,
  },
  datasetPostprocessors: {
    gsm8k_dataset_postprocess: async () => (await gsm8kExtraction()).gsm8kDatasetPostprocess,
  },
} as const satisfies Catalog;

/** Classes that users wrote in Python run in a worker. */
export const pythonClasses: PythonClasses = async ({ service, ...place }) =>
  service === undefined
    ? (await import('./models/local/python-model.ts')).pythonModelClass(place)
    : (await import('./models/api/python-api-model.ts')).pythonAPIModelClass({ ...place, ...service });
