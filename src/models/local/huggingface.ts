import type { LocalModelOptions } from '../../contract/base-model.ts';
import { pythonOptions } from './python-options.ts';
import { WorkerModel } from './worker-model.ts';

const MODULE = 'ais_bench_worker.engines.huggingface';

/** A chat model from local files: prompts go through the chat template of its tokenizer (AISBench §2.4). */
export class HuggingFacewithChatTemplate extends WorkerModel {
  constructor(options: LocalModelOptions) {
    super(options, `${MODULE}:ChatModel`, pythonOptions(options));
  }
}

/** A base model from local files: prompts are texts to be continued. */
export class HuggingFaceBaseModel extends WorkerModel {
  constructor(options: LocalModelOptions) {
    super(options, `${MODULE}:TextModel`, pythonOptions(options));
  }
}

/** AISBench's older class of base models. */
export class HuggingFace extends HuggingFaceBaseModel {}

/** AISBench's other name of `HuggingFace`. */
export class HuggingFaceCausalLM extends HuggingFaceBaseModel {}
