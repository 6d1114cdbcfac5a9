/** What a mode does, as data: a run reads its steps here, and the table of docs/cli.md is made from it. */

/**
 * `ask`: send requests, keep records and answers. `judge`: have judge models judge the answers on disk, for datasets that name one.
 * `score`: score what is on disk. `report`: make tables and files of what is on disk. A mode without `ask` works on an existing run
 * (`--reuse`); without `judge` too, it sends nothing.
 */
type ModeStep = 'ask' | 'judge' | 'score' | 'report';

interface ModeSpec {
  /** A load test is measured under a load; it is scored where its steps say so. */
  readonly isLoadTest: boolean;
  readonly steps: readonly ModeStep[];
  readonly meaning: string;
}

export const MODE_TABLE = {
  all: {
    isLoadTest: false,
    steps: ['ask', 'judge', 'score', 'report'],
    meaning:
      'sends every sample, prints the score, then the latencies and throughput of the same replies, labelled as taken at this concurrency',
  },
  'all+perf': {
    isLoadTest: true,
    steps: ['ask', 'score', 'report'],
    meaning:
      'a load test as in `perf` whose answers are scored: the timed responses are the scored ones. Prints both reports and [quality under load](metrics.md#quality-under-load). Every sample needs a reference, and no judge model is used',
  },
  infer: {
    isLoadTest: false,
    steps: ['ask', 'report'],
    meaning: 'sends every sample and keeps the answers; nothing is scored',
  },
  judge: {
    isLoadTest: false,
    steps: ['judge', 'report'],
    meaning:
      'has the [judge models](config.md#judge-models) judge the answers of an existing run (`--reuse`) and keeps their replies; nothing is scored',
  },
  infer_judge: {
    isLoadTest: false,
    steps: ['ask', 'judge', 'report'],
    meaning: '`infer`, then `judge`',
  },
  eval: {
    isLoadTest: false,
    steps: ['score', 'report'],
    meaning:
      'scores the answers of an existing run (`--reuse`) again, and lists the verdicts that changed, from right to wrong first',
  },
  viz: {
    isLoadTest: false,
    steps: ['report'],
    meaning: 'makes tables and summary files of the scores of an existing run (`--reuse`) again',
  },
  perf: {
    isLoadTest: true,
    steps: ['ask', 'report'],
    meaning:
      'the same requests as a load test: nothing is scored. The model class must have `parseStreamResponse`; a config with `stream: false` is measured as it is, without TTFT, TPOT and ITL; a local model is measured by [batches](local-models.md)',
  },
  perf_viz: {
    isLoadTest: true,
    steps: ['report'],
    meaning:
      'makes tables and files of the records of an existing load test (`--reuse`) again, e.g. with `--goodput` or another summarizer',
  },
} as const satisfies Record<string, ModeSpec>;

export type Mode = keyof typeof MODE_TABLE;

export const MODES = Object.keys(MODE_TABLE) as readonly Mode[];

export function isLoadTest(mode: Mode): boolean {
  return MODE_TABLE[mode].isLoadTest;
}

/** Whether the answers of a load test are scored. */
export function isScoredLoad(mode: Mode): boolean {
  return isLoadTest(mode) && hasStep(mode, 'score');
}

export function hasStep(mode: Mode, step: ModeStep): boolean {
  const { steps }: ModeSpec = MODE_TABLE[mode];
  return steps.includes(step);
}
