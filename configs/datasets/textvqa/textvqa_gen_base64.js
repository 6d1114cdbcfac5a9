// TextVQA (validation: 5,000 questions about words in photographs), no worked examples, for chat models that see. The images go into the
// requests. Scored by the accuracy of VQA.
//
// The data is not shipped: put textvqa_val.jsonl and textvqa_val_annotations.json of huggingface.co/datasets/maoxx241/textvqa_subset into
// textvqa/textvqa_json/ and its train_images/ into textvqa/, below $AIS_BENCH_DATASETS_CACHE or ./datasets. Format unseen.
import { entry } from './_textvqa.js';

export const textvqa_datasets = [entry('image_base64')];
