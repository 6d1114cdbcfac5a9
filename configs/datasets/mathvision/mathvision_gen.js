// MathVision (3,040 problems of mathematics competitions with their pictures, of five levels and 16 subjects), no worked examples, for chat
// models that see. The model reasons first; the line "ANSWER: X" counts where there are options, else what is in \boxed{}.
//
// The data is not shipped: put the Parquet files of MathLLMs/MathVision on Hugging Face or of evalscope/MathVision on ModelScope
// (MIT; data/test-….parquet) into $AIS_BENCH_DATASETS_CACHE/mathvision/ or ./datasets/mathvision/. Format unseen.
const open = `{question}
Think step by step, and put the answer into \\boxed{{}}, without units.`;

const choice = `Answer this question, of whose options one is right. Think step by step, then end with a line
'ANSWER: X' (without the quotes), where X is one of {letters}.

{question}

{choices}`;

export const mathvision_datasets = [
  {
    abbr: 'MathVision',
    type: 'MathVisionDataset',
    path: 'ais_bench/datasets/mathvision',
    split: 'test',
    open_prompt_template: open,
    single_answer_cot_template: choice,
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
    eval_cfg: { evaluator: { type: 'MathVisionEvaluator' } },
  },
];
