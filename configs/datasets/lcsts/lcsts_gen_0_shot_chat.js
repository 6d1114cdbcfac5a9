// LCSTS (headlines of short Chinese texts), no worked examples, for chat models. Scored by ROUGE. The scores are of characters,
// where AISBench counts jieba's words: not comparable.
//
// The data is not shipped: put test.src.txt and test.tgt.txt of OpenCompass, or of the authors (for research, on application), into
// $AIS_BENCH_DATASETS_CACHE/LCSTS/ or ./datasets/LCSTS/. Format unseen.
import { ask, entry } from './_lcsts.js';

export const lcsts_datasets = [entry({ round: [{ role: 'HUMAN', prompt: ask }] })];
