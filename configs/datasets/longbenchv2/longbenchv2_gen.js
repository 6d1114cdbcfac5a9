// LongBench v2 (503 choices that take texts of 8,000 to two million words), for chat models. Score: accuracy, and that of easy and hard
// questions, and of those on short, medium and long texts.
//
// The data is not shipped: put data.json of Hugging Face, zai-org/LongBench-v2 (Apache 2.0), some 465 MB, into
// $AIS_BENCH_DATASETS_CACHE/LongBench-v2/ or ./datasets/LongBench-v2/. Format unseen.
//
// Texts are asked whole: one that is longer than the service takes is refused by it, and counts as failed.

const prompt = `Here is a text, and a question about it.
<text>
{context}
</text>

Question: {question}

Choices:
(A) {choice_A}
(B) {choice_B}
(C) {choice_C}
(D) {choice_D}

Think it through step by step, then choose the one that is most likely right. End with "The correct answer is (letter)".`;

export const LongBenchv2_datasets = [
  {
    abbr: 'LongBenchv2',
    type: 'LongBenchv2Dataset',
    path: 'ais_bench/datasets/LongBench-v2/data.json',
    reader_cfg: {
      input_columns: ['context', 'question', 'choice_A', 'choice_B', 'choice_C', 'choice_D'],
      output_column: 'answer',
    },
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt }] } },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'LongBenchv2Evaluator' },
      pred_postprocessor: { type: 'first_option_postprocess', options: 'ABCD' },
    },
  },
];
