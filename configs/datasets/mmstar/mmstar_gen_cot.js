// MMStar (1,500 choices of four that need their image, in six categories), no worked examples, for chat models that see. The model reasons
// first; by AISBench's rule the last of the letters A to D of its reply counts.
//
// The data is not shipped: put VLMEvalKit's MMStar.tsv (opencompass.openxlab.space/utils/VLMEval/MMStar.tsv) into
// $AIS_BENCH_DATASETS_CACHE/mmstar/ or ./datasets/mmstar/. Format unseen.
import { entry } from './_mmstar.js';

const words = `Answer this question, of whose options one is right. Think step by step, then end with a line
'ANSWER: X' (without the quotes), where X is A, B, C or D.

{question}`;

export const mmstar_datasets = [
  entry(words, {
    evaluator: { type: 'MMStarEvaluator' },
    pred_postprocessor: { type: 'last_option_postprocess', options: 'ABCD' },
  }),
];
