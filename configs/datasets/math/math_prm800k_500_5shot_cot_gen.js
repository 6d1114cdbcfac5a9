// MATH-500 (500 problems of American competitions) after five worked examples; AISBench compares the answers as texts, version v2.
//
// The data is not shipped: put test.jsonl of github.com/openai/prm800k (folder prm800k/math_splits, MIT licence) into
// $AIS_BENCH_DATASETS_CACHE/math/ (or math500/) or ./datasets/math/.
//
// The examples are ours: the data has no rows to take them from but those that are asked.

const ask = (problem) => ({
  role: 'HUMAN',
  prompt: `Problem:\n${problem}\nReason step by step, and put your final answer within \\boxed{}.`,
});
const tell = (solution) => ({ role: 'BOT', prompt: `${solution}\n` });

const EXAMPLES = [
  [
    'A line passes through $(1,4)$ and $(3,10)$. What is its slope?',
    'The height grows by $10 - 4 = 6$ while $x$ grows by $3 - 1 = 2$. The slope is $6 / 2 = 3$, so the answer is $\\boxed{3}$.',
  ],
  [
    'Two fair dice are rolled. What is the probability that the sum is 5? Give a common fraction.',
    'There are $6 \\cdot 6 = 36$ equally likely rolls. The sum is 5 for $(1,4)$, $(2,3)$, $(3,2)$ and $(4,1)$, which are 4 of them. The probability is $\\frac{4}{36} = \\boxed{\\frac{1}{9}}$.',
  ],
  [
    'Solve $x^2 - 6x + 7 = 0$.',
    'Completing the square gives $(x - 3)^2 = 9 - 7 = 2$, so $x - 3 = \\pm\\sqrt{2}$. The solutions are $\\boxed{3 \\pm \\sqrt{2}}$.',
  ],
  [
    'For which real $x$ is $2x - 1 > 5$? Answer in interval notation.',
    'Adding 1 gives $2x > 6$, and halving gives $x > 3$. These are all numbers above 3, so the answer is $\\boxed{(3,\\infty)}$.',
  ],
  [
    'How many positive divisors does 72 have?',
    'As $72 = 2^3 \\cdot 3^2$, a divisor has one of 4 powers of 2 and one of 3 powers of 3. That makes $4 \\cdot 3 = \\boxed{12}$ divisors.',
  ],
];

export const math_datasets = [
  {
    abbr: 'math_prm800k_500',
    type: 'MATHDataset',
    path: 'ais_bench/datasets/math',
    reader_cfg: { input_columns: ['problem'], output_column: 'solution' }, // the gold answer alone
    infer_cfg: {
      prompt_template: {
        type: 'PromptTemplate',
        template: {
          round: [
            ...EXAMPLES.flatMap(([problem, solution]) => [ask(problem), tell(solution)]),
            ask('{problem}'),
          ],
        },
      },
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'GenInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'MATHEvaluator', version: 'v2' },
      pred_postprocessor: { type: 'math_postprocess_v2' },
      rules: 'fixed', // 'compat' makes AISBench's comparison of texts the headline; both are always computed
    },
  },
];
