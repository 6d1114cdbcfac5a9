/** What a task has to say about itself before anything is sent: how its data and load were understood. */
import type { DatasetPlan, LoadConfig } from '../config/plan.ts';
import type { DatasetType } from '../contract/dataset.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { sampleCount, type TaskSamples } from './shape.ts';

/** Finds what the plan and the data together make of a load that a user may not expect. */
export function loadFindings(source: TaskSamples, { cycle, pressure }: LoadConfig): Finding[] {
  const { arrival } = source.model;
  const findings: Finding[] = [];
  if (arrival.kind !== 'trace' && source.rows[0]?.row['timestamp'] !== undefined)
    findings.push(finding('TIMESTAMPS-UNUSED', {}));
  if (arrival.kind === 'paced' && arrival.rates.shape === 'steps' && !cycle && !pressure) {
    const wanted = arrival.rates.steps.reduce((sum, { perSecond, seconds }) => sum + perSecond * seconds, 0);
    const cases = sampleCount(source);
    if (wanted > cases) findings.push(finding('STEPS-EXCEED-DATA', { wanted: Math.round(wanted), cases }));
  }
  return findings;
}

/** Finds that a dataset has fewer samples than `--num-prompts`. */
export function fewerSamples(wanted: number | undefined, samples: number): Finding[] {
  return wanted !== undefined && wanted > samples ? [finding('FEWER-SAMPLES', { wanted, samples })] : [];
}

/** Keys of the shipped inferencers. */
const INFERENCER_KEYS: Readonly<Record<string, readonly string[]>> = {
  GenInferencer: [],
  MultiTurnGenInferencer: ['infer_mode'],
  PPLInferencer: ['labels'],
  BFCLV3FunctionCallInferencer: [],
};

/** Keys of `eval_cfg`; the last two have no effect on a score. */
const EVAL_KEYS = [
  'evaluator',
  'pred_postprocessor',
  'dataset_postprocessor',
  'extractors',
  'rules',
  'pred_role',
  'num_gpus',
];

/** Finds keys of a dataset's config that mean nothing to its class, to its inferencer, or to its evaluation. */
export function keyFindings(
  { name }: DatasetType,
  unread: readonly string[],
  { config }: DatasetPlan,
): Finding[] {
  const { infer_cfg, eval_cfg } = config;
  const { type, ...options } = infer_cfg.inferencer;
  const known = Object.hasOwn(INFERENCER_KEYS, type) ? INFERENCER_KEYS[type]! : Object.keys(options);
  const others = (table: object, keys: readonly string[], at: string) =>
    Object.keys(table).flatMap((key) => (keys.includes(key) ? [] : [`${at}.${key}`]));
  return [
    ...unusedKeys(name, unread),
    ...unusedKeys(type, others(options, known, 'infer_cfg.inferencer')),
    ...unusedKeys(eval_cfg?.evaluator.type ?? '', others(eval_cfg ?? {}, EVAL_KEYS, 'eval_cfg')),
  ];
}

function unusedKeys(owner: string, keys: readonly string[]): Finding[] {
  return keys.length === 0 ? [] : [finding('DATASET-KEYS-UNUSED', { class: owner, keys: keys.join(', ') })];
}
