// MMStar (1,500 choices of four that need their image, in six categories), no worked examples, for chat models that see: the letter alone.
//
// The data is not shipped: put VLMEvalKit's MMStar.tsv (opencompass.openxlab.space/utils/VLMEval/MMStar.tsv) into
// $AIS_BENCH_DATASETS_CACHE/mmstar/ or ./datasets/mmstar/. Format unseen.
import { entry } from './_mmstar.js';

export const mmstar_datasets = [
  entry('{question}\nReply with the letter of the right option and nothing else.', {
    evaluator: { type: 'MMStarEvaluator' },
  }),
];
