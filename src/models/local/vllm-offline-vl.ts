import type { LocalModelOptions } from '../../contract/base-model.ts';
import { pythonOptions } from './python-options.ts';
import { WorkerModel } from './worker-model.ts';

/** vLLM in the worker, without a service: a chat model of text, and of images and videos where it takes them (AISBench §2.4). */
export class VLLMOfflineVLModel extends WorkerModel {
  constructor(options: LocalModelOptions) {
    super(options, 'ais_bench_worker.engines.vllm_offline:OfflineModel', pythonOptions(options));
  }
}
