/**
 * What AISBench ships and this tool does not run (aisbench.md App. F, G and §2.4), and what is missing for it: a name of these
 * gets that for an answer, and not the nearest name of something else.
 */
type MissingName = readonly [names: RegExp, missing: string];

const LATER = 'not implemented yet';
const IMAGES = `its reader of images and questions is ${LATER}; images of your own: mm_custom_gen`;
const CLIPS = `its reader of clips and questions is ${LATER}; clips of your own: mm_custom_gen`;
const DOCKER =
  'it needs Docker and the Python packages mini-swe-agent and swebench, which this tool does not drive';

/** Benchmarks that other programs run: their examples of configs, and the types of their tasks. */
const HARNESSES: readonly MissingName[] = [
  [/^SWE-?B/i, DOCKER],
  [/^tau2/i, 'it needs the Python package tau2, which this tool does not drive'],
  [/^(harbor|terminal-?bench)/i, 'it needs the command harbor and Docker, which this tool does not drive'],
  [/^vbench/i, 'it needs VBench and its models on a GPU or NPU, which this tool does not drive'],
  [/^oneig/i, 'it needs OneIG and its models on a GPU or NPU, which this tool does not drive'],
];

const DATASETS: readonly MissingName[] = [
  [
    /^BFCL_gen_(all|ids|multi_turn)/i,
    'questions of several turns need the functions of the Python package bfcl-eval, which this tool does not run; those of one turn: BFCL_gen_single_turn',
  ],
  [/^humanevalx_/i, `HumanEval-X is ${LATER}; it needs compilers of five languages`],
  [/^(ocrbench_v2|omnidocbench)_/i, IMAGES],
  [/^(videobench|videomme|vocalsound)_/i, CLIPS],
  [/^gedit_/i, 'it needs a model that edits images and a judge that sees them; this tool asks for texts'],
  ...HARNESSES,
];

const MODELS: readonly MissingName[] = [
  [/^qwen_image_edit/i, 'it needs mindie_sd on Ascend and makes images; this tool asks for texts'],
  [/^litellm/i, 'it needs the Python package litellm, which agents of an external harness use'],
];

/** Types of tasks, as `infer.runner.task` and `eval.runner.task` name them. */
const TASKS: readonly MissingName[] = [
  ...HARNESSES,
  [/^EmptyTask$/i, 'it asks nothing and leaves the work to the evaluation of an external harness'],
];

const TABLES: Readonly<Record<string, readonly MissingName[]>> = {
  datasets: DATASETS,
  models: MODELS,
  tasks: TASKS,
};

/** One line that says what is missing for a name of AISBench's, of a kind of configs or of `tasks`; undefined for any other. */
export function whatIsMissing(kind: string, name: string): string | undefined {
  return TABLES[kind]?.find(([names]) => names.test(name))?.[1];
}

/** What can be done about it, whatever is missing. */
export const RUN_THERE = 'run it with AISBench and read its results with ais_bench import';
