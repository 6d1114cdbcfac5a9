// XSum (the first thousand articles of the development set, a sentence each), no worked examples, for chat models. Scored by ROUGE.
//
// The data is not shipped: put dev.jsonl, rows {dialogue, summary}, of OpenCompass, or of Hugging Face's EdinburghNLP/xsum (no licence
// stated) as JSON lines, into $AIS_BENCH_DATASETS_CACHE/Xsum/ or ./datasets/Xsum/. Format unseen.
import { ask, entry } from './_xsum.js';

export const Xsum_datasets = [entry({ round: [{ role: 'HUMAN', prompt: ask }] })];
