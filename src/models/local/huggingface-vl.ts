import type { LocalModelOptions } from '../../contract/base-model.ts';
import { pythonOptions } from './python-options.ts';
import { WorkerModel } from './worker-model.ts';

/** A chat model of images, videos and text from local files: any that transformers' `AutoModelForImageTextToText` loads. */
export class HuggingFaceVL extends WorkerModel {
  constructor(options: LocalModelOptions) {
    super(options, 'ais_bench_worker.engines.huggingface_vl:VisionModel', pythonOptions(options));
  }
}

/** AISBench's name of `HuggingFaceVL`, where it is for Qwen's models alone (§2.4). */
export class HuggingFaceQwen2VLwithChatTemplate extends HuggingFaceVL {}
