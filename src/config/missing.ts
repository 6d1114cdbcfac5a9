/**
 * What AISBench ships and this tool does not run (aisbench.md App. F, G and §2.4), and what is missing for it: a name of these
 * gets that for an answer, and not the nearest name of something else.
 */
type Entry = readonly [names: RegExp, missing: string];

const LATER = 'not implemented yet';
const IMAGES = `its reader of images and questions is ${LATER}; images of your own: mm_custom_gen`;
const CLIPS = `its reader of clips and questions is ${LATER}; clips of your own: mm_custom_gen`;
const DOCKER =
  'it needs Docker and the Python packages mini-swe-agent and swebench, which this tool does not drive';

const DATASETS: readonly Entry[] = [
  [
    /^BFCL_/,
    'it needs the data, functions and checkers of the Python package bfcl-eval, which this tool does not drive',
  ],
  [/^FewCLUE_/, `FewCLUE is ${LATER}`],
  [/^Xsum_/, `XSum is ${LATER}`],
  [/^lcsts_/, `LCSTS is ${LATER}`],
  [
    /^aa_lcr_/,
    `the reader of AA-LCR's documents is ${LATER}; answers of your own data can be judged: judge_infer_cfg`,
  ],
  [/^hle_/, `HLE is ${LATER}; answers of your own data can be judged: judge_infer_cfg`],
  [/^dapo_math_/, `DAPO-Math is ${LATER}`],
  [/^humanevalx_/, `HumanEval-X is ${LATER}; it needs compilers of five languages`],
  [/^livecodebench_/, `LiveCodeBench is ${LATER}`],
  [/^ifbench_/, `IFBench is ${LATER}; ifeval_0_shot_gen_str has the instructions of IFEval`],
  [/^leval_/, `L-Eval is ${LATER}`],
  [/^longbenchv2_/, `LongBench v2 is ${LATER}`],
  [/^(needlebench_v2_|atc_0shot_nocot_)/, `NeedleBench V2 is ${LATER}`],
  [/^(docvqa|infovqa|textvqa|glm4v_textvqa|ocrbench_v2|omnidocbench)_/, IMAGES],
  [/^(geometry3k|mathvision|mmmu|mmmu_pro|mmstar|realworldqa|refcoco|refcoco_plus|refcocog)_/, IMAGES],
  [/^(videobench|videomme|vocalsound)_/, CLIPS],
  [/^gedit_/, 'it needs a model that edits images and a judge that sees them; this tool asks for texts'],
  [/^swe-?bench/i, DOCKER],
  [/^tau2/i, 'it needs the Python package tau2, which this tool does not drive'],
  [/^(harbor|terminal-?bench)/i, 'it needs the command harbor and Docker, which this tool does not drive'],
  [/^vbench/i, 'it needs VBench and its models on a GPU or NPU, which this tool does not drive'],
  [/^oneig/i, 'it needs OneIG and its models on a GPU or NPU, which this tool does not drive'],
];

const MODELS: readonly Entry[] = [
  [/^qwen_image_edit/i, 'it needs mindie_sd on Ascend and makes images; this tool asks for texts'],
  [/^litellm/i, 'it needs the Python package litellm, which agents of an external harness use'],
];

/** Types of tasks, as `infer.runner.task` and `eval.runner.task` name them. */
const TASKS: readonly Entry[] = [
  [/^SWEB/i, DOCKER],
  [/^tau2/i, 'it needs the Python package tau2, which this tool does not drive'],
  [/^harbor/i, 'it needs the command harbor and Docker, which this tool does not drive'],
  [/^vbench/i, 'it needs VBench and its models on a GPU or NPU, which this tool does not drive'],
  [/^oneig/i, 'it needs OneIG and its models on a GPU or NPU, which this tool does not drive'],
  [/^EmptyTask$/, 'it asks nothing and leaves the work to the evaluation of an external harness'],
];

const TABLES: Readonly<Record<string, readonly Entry[]>> = {
  datasets: DATASETS,
  models: MODELS,
  tasks: TASKS,
};

/** One line that says what is missing for a name of AISBench's, of a kind of configs or of `tasks`; undefined for any other. */
export function whatIsMissing(kind: string, name: string): string | undefined {
  return TABLES[kind]?.find(([names]) => names.test(name))?.[1];
}

/** What can be done about it, whatever is missing. */
export const RUN_THERE = 'run it with AISBench and read what it came to with ais_bench import';
