// What the NeedleBench V2 configs share.

const path = 'ais_bench/datasets/NeedleBench';
const reader_cfg = { input_columns: ['prompt'], output_column: 'answer' };
const infer_cfg = {
  prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt: '{prompt}' }] } },
  retriever: { type: 'ZeroRetriever' },
  inferencer: { type: 'GenInferencer' },
};
const boxed = {
  evaluator: { type: 'NeedleBenchATCEvaluator' },
  pred_postprocessor: { type: 'needlebench_atc_postprocess_v2' },
};

const depths = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100];

/** Size → lengths of documents, in tokens. */
const lengths = {
  '4k': [1000, 2000, 3000, 4000],
  '8k': [1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000],
  '32k': [1000, 4000, 8000, 12000, 16000, 20000, 24000, 28000, 32000],
  '128k': [1000, 2000, 4000, 8000, 16000, 32000, 64000, 128000],
  '200k': [1000, 25000, 50000, 75000, 100000, 125000, 150000, 175000, 200000],
  '256k': [32000, 128000, 256000],
  '1000k': [1000, 125000, 250000, 375000, 500000, 625000, 750000, 875000, 1000000],
};

export const sizes = Object.keys(lengths);

/** English documents leave room for the question, more of it in the larger sizes. */
const languages = (size) => [
  {
    suffix: 'en',
    keys: {
      language: 'English',
      file_list: ['PaulGrahamEssays.jsonl'],
      length_buffer: ['4k', '8k'].includes(size) ? 500 : 3000,
    },
  },
  { suffix: 'zh', keys: { language: 'Chinese', file_list: ['zh_finance.jsonl'], length_buffer: 200 } },
];

const entry = (abbr, type, eval_cfg, keys) => ({
  abbr,
  type,
  path,
  ...keys,
  reader_cfg,
  infer_cfg,
  eval_cfg,
});

/** One fact, at eleven depths. */
export const single = (size) =>
  languages(size).flatMap(({ suffix, keys }) =>
    lengths[size].flatMap((length) =>
      depths.map((depth) =>
        entry(
          `Length${length}Depth${depth}_origin_${suffix}_${size}`,
          'NeedleBenchOriginDataset',
          { evaluator: { type: 'NeedleBenchOriginEvaluator' } },
          { ...keys, length, depth, needle_file_name: 'needles.jsonl', num_repeats_per_file: 10 },
        ),
      ),
    ),
  );

const parallel = (abbr, keys) =>
  entry(
    abbr,
    'NeedleBenchParallelDataset',
    { evaluator: { type: 'NeedleBenchParallelEvaluator' } },
    { ...keys, needle_file_name: 'needles.jsonl' },
  );

/** A fact at each of eleven depths, all asked at once. */
export const multi_retrieval = (size) =>
  languages(size).flatMap(({ suffix, keys }) =>
    lengths[size].map((length) =>
      parallel(`Length${length}_parallel_${suffix}_${size}`, {
        ...{ ...keys, length, depths, num_repeats_per_file: 25 },
      }),
    ),
  );

/** Facts at one to twenty depths, evenly apart. */
export const compare_batch = () =>
  languages('8k').flatMap(({ suffix, keys }) =>
    [1, 5, 10, 15, 20].flatMap((count) => {
      const even = Array.from({ length: count }, (_, i) =>
        Math.trunc(count === 1 ? 0 : (100 / (count - 1)) * i),
      );
      return [5000, 6000, 7000, 8000].map((length) =>
        parallel(`Length${length}_parallel_${suffix}_8k_batch${count}`, {
          ...{ ...keys, length, depths: even, num_repeats_per_file: 50 },
          length_buffer: suffix === 'en' ? 1300 : 200,
        }),
      );
    }),
  );

/** A family told in two to five facts, ten percent of the document apart. */
export const multi_reasoning = (size) =>
  languages(size).flatMap(({ suffix, keys }) =>
    [2, 3, 4, 5].flatMap((num_needles) =>
      lengths[size].flatMap((length) =>
        depths.map((depth) =>
          entry(
            `Length${length}Depth${depth}_${num_needles}needle_${suffix}_${size}`,
            'NeedleBenchMultiDataset',
            boxed,
            {
              ...{ ...keys, length, depth, num_needles, diff: 10 },
              ...{ needle_file_name: 'names.json', num_repeats_per_file: 10 },
            },
          ),
        ),
      ),
    ),
  );

/** Task → its datasets of a size. */
export const needleTasks = { multi_reasoning, single, multi_retrieval };

/** All three tasks of a size. */
export const all = (size) => Object.values(needleTasks).flatMap((task) => task(size));

/** The Ancestral Trace Challenge: families of 3 to 513, told without any other text. */
export const atc = () =>
  [2, 4, 8, 16, 32, 64, 128, 256, 512].map((num_needles) =>
    entry(`NeedleBenchATCDataset-${num_needles}Needle-EN`, 'NeedleBenchATCDataset', boxed, {
      ...{ file_name: 'names.json', num_needles, language: 'English', repeats: 10 },
    }),
  );
