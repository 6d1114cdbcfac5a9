// MMMU (900 university questions of 30 subjects, with up to seven images each), no worked examples, for chat models that see. The images
// stand where the words name them. The model reasons first; the line "ANSWER: …" of its reply counts.
//
// The data is not shipped: put the Parquet files of modelscope.cn/datasets/AI-ModelScope/MMMU or of MMMU/MMMU on Hugging Face
// (<subject>/validation-00000-of-00001.parquet), or VLMEvalKit's MMMU_DEV_VAL.tsv, into $AIS_BENCH_DATASETS_CACHE/mmmu/ or
// ./datasets/mmmu/. Format unseen.
const choice = `Answer this question, of whose options one is right. Think step by step, then end with a line
"ANSWER: X" (without the quotes), where X is one of {letters}.

{question}

{choices}`;

const open = `Solve this problem. Think step by step, then end with a line "ANSWER: …" (without the quotes) that holds the answer alone,
not in a box.

{question}`;

export const mmmu_datasets = [
  {
    abbr: 'mmmu',
    type: 'MMMUDataset',
    path: 'ais_bench/datasets/mmmu',
    split: 'validation',
    mult_choice_prompt: choice,
    open_prompt: open,
    reader_cfg: { input_columns: ['content'], output_column: 'answer' },
    infer_cfg: {
      prompt_template: {
        type: 'MMPromptTemplate',
        template: {
          round: [
            {
              role: 'HUMAN',
              prompt_mm: {
                text: { type: 'text', text: '{question}' },
                image: { type: 'image_url', image_url: { url: '{image}' } },
              },
            },
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: { evaluator: { type: 'MMMUEvaluator' } },
  },
];
