/**
 * The public API: runs that a program calls, finished runs that it reads, and what a backend of its own extends. `docs/library.md`
 * explains it.
 */

export {
  type DatasetEntry,
  defineConfig,
  type ModelEntry,
  type RunConfig,
} from './config/flags.ts';
export type { Mode } from './config/modes.ts';
export type { Plan } from './config/plan.ts';
export {
  type APIModelOptions,
  BaseAPIModel,
  type BatchStep,
  type ExchangeRequest,
  type FrameSplitter,
  type Framing,
  type HttpMethod,
  type MessageSink,
  type NextRequest,
  type OutgoingRequest,
  type RequestArgs,
  type SseEvent,
} from './contract/base-api-model.ts';
export {
  BaseModel,
  type GenerateArgs,
  type Generated,
  type GeneratedText,
  type LocalModelOptions,
  type PeakMemory,
  type PromptLoss,
  type ScoreArgs,
} from './contract/base-model.ts';
export type { DatasetType, LoadOptions, Row, Splits } from './contract/dataset.ts';
export { AisBenchError } from './contract/errors.ts';
export { type Finding, type FindingCode, renderFinding } from './contract/finding.ts';
export {
  type Ask,
  AskError,
  type DialogueAnswer,
  type DialogueOptions,
  type DialogueSample,
  type DialogueTranscript,
  type Inferencer,
} from './contract/inferencer.ts';
export { RequestOutput, type ToolCall } from './contract/output.ts';
export {
  type ContentPart,
  type Message,
  type PromptList,
  type PromptType,
  toMessages,
  toText,
} from './contract/prompt-list.ts';
export type { RunRecord, Transcript } from './contract/record.ts';
export type { Configurable, Evaluator, Grade, Postprocessor, Sample } from './evaluate/types.ts';
export type { ArrivalFunction, ArrivalLoad } from './load/arrival.ts';
export { AnthropicMessages } from './models/api/anthropic-messages.ts';
export { GeminiAPI } from './models/api/gemini-api.ts';
export { LlamaCppAPI } from './models/api/llama-cpp-api.ts';
export { MindieStreamApi } from './models/api/mindie-stream-api.ts';
export { OllamaAPI } from './models/api/ollama-api.ts';
export { OpenAIResponses } from './models/api/openai-responses.ts';
export { SGLangAPI } from './models/api/sglang-api.ts';
export { TGICustomAPI } from './models/api/tgi-custom-api.ts';
export { TritonCustomAPI } from './models/api/triton-custom-api.ts';
export { TritonGRPC } from './models/api/triton-grpc.ts';
export { VITAGenerateAPI } from './models/api/vita-generate-api.ts';
export { VLLMCustomAPI } from './models/api/vllm-custom-api.ts';
export { VLLMCustomAPIChat } from './models/api/vllm-custom-api-chat.ts';
export { VLLMCustomAPIOld } from './models/api/vllm-custom-api-old.ts';
export { GGUFBaseModel, GGUFwithChatTemplate } from './models/local/llama.ts';
export {
  HuggingFace,
  HuggingFaceBaseModel,
  HuggingFaceCausalLM,
  HuggingFaceQwen2VLwithChatTemplate,
  HuggingFaceVL,
  HuggingFacewithChatTemplate,
  VLLMOfflineVLModel,
} from './models/local/worker-model.ts';
export { definePlugin, type ExportedFiles, type Exporter, type Plugin } from './plugin.ts';
export type { AccuracyReport } from './report/accuracy.ts';
export { type GateRule, parseRule } from './report/compare/rules.ts';
export type { RunComparison } from './report/compare/types.ts';
export type { PerformanceReport } from './report/performance.ts';
export { compareRuns, openRun, resolve, run } from './run-config.ts';
export type { CompareOptions } from './session/compare-runs.ts';
export type { SampleFilter, StoredRun, StoredSample, StoredTask } from './session/open-run.ts';
export type { ReportOptions, RunEvent, RunOptions } from './session/options.ts';
export type { RunResult, TaskReport, TaskScore } from './session/result.ts';
