// What the BFCL configs share: the Berkeley Function-Calling Leaderboard, v3, questions of one turn.
//
// The data is not shipped: put the folder bfcl_eval/data of the Python package bfcl-eval 2025.6.14 (Apache-2.0), that is
// BFCL_v3_*.json and possible_answer/, into $AIS_BENCH_DATASETS_CACHE/BFCL/ or ./datasets/BFCL/.
//
// A model config with returns_tool_calls (vllm_api_function_call_chat) sends the functions as tools and has its tool calls
// scored. Any other model gets the system message below, and its text is read as calls in Python (in Java or JavaScript for
// these categories). Right is what BFCL's AST checker takes for right: docs/function-calls.md.

/** The words around the functions are ours; a copy of this file may hold others. */
const system =
  'You choose functions to call. Below are the functions that you have, and then a person asks for something.\n' +
  'Reply with the calls that do what is asked, and nothing else, as one list: ' +
  '[first_function(parameter=value, other=value), second_function(parameter=value)]\n' +
  'Name every parameter. Where no function fits, or where a required value is not known, say so in words ' +
  'and call nothing.\n\n' +
  'The functions:\n{functions}';

export function entry(category) {
  return {
    abbr: `BFCL-v3-${category}`,
    type: 'BFCLDataset',
    path: 'ais_bench/datasets/BFCL',
    category,
    reader_cfg: { input_columns: ['functions'], output_column: 'reference' }, // the reference is made of the whole row
    infer_cfg: {
      prompt_template: { type: 'PromptTemplate', template: system }, // of models without returns_tool_calls
      retriever: { type: 'ZeroRetriever' },
      inferencer: { type: 'BFCLV3FunctionCallInferencer' },
    },
    eval_cfg: {
      evaluator: { type: 'BFCLEvaluator' },
      pred_postprocessor: { type: 'bfcl_reply' },
    },
  };
}

export const nonLive = [
  ...['simple', 'multiple', 'parallel', 'parallel_multiple', 'java', 'javascript', 'irrelevance'],
];

export const live = [
  ...['live_simple', 'live_multiple', 'live_parallel', 'live_parallel_multiple'],
  ...['live_irrelevance', 'live_relevance'],
];
