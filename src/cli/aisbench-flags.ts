import type { FlagSpec } from './flag-spec.ts';
import { whole } from './parse-number.ts';

/** AISBench's flags that ask for what is done anyway, or for what there is nothing of here. */
export interface AisBenchFlags {
  readonly maxNumWorkers?: number;
  readonly maxWorkersPerGpu?: number;
  readonly mergeDs?: boolean;
  readonly responseAnomaly?: boolean;
  readonly responseAnomalyPayloadRetention?: string;
  readonly dumpEvalDetails?: boolean;
  readonly dumpExtractRate?: boolean;
}

interface AcceptedFlag extends FlagSpec {
  /** What is told when it is given; absent where it asks for what is always done. */
  readonly said?: string;
  readonly name: keyof AisBenchFlags;
}

const NO_ANOMALIES = 'answers are not looked through for anomalies here';

const ACCEPTED: readonly AcceptedFlag[] = [
  {
    name: 'maxNumWorkers',
    flags: '--max-num-workers <n>',
    meaning:
      'accepted, changes nothing: where no load is tested the datasets of a service share batch_size, else they run one after the other',
    parse: whole(1),
    said: '--max-num-workers changes nothing: --batch-size says how many requests are in flight; the datasets of a service share them, and are apart where times are measured',
  },
  {
    name: 'maxWorkersPerGpu',
    flags: '--max-workers-per-gpu <n>',
    meaning: 'accepted, changes nothing: a local model has its devices for itself',
    parse: whole(1),
    said: '--max-workers-per-gpu changes nothing: one local model is loaded at a time',
  },
  {
    name: 'mergeDs',
    flags: '--merge-ds',
    meaning: 'accepted, changes nothing: datasets share batch_size as it is, and each has files of its own',
    said: '--merge-ds changes nothing: datasets share --batch-size as it is, each with files and a score of its own',
  },
  {
    name: 'responseAnomaly',
    flags: '--response-anomaly',
    meaning: `accepted, changes nothing: ${NO_ANOMALIES}`,
    said: `--response-anomaly changes nothing: ${NO_ANOMALIES}`,
  },
  { name: 'responseAnomaly', flags: '--no-response-anomaly', meaning: 'accepted: it is as asked' },
  {
    name: 'responseAnomalyPayloadRetention',
    flags: '--response-anomaly-payload-retention <what>',
    meaning: `accepted, changes nothing: ${NO_ANOMALIES}`,
    choices: ['all', 'anomalies', 'none'],
    said: `--response-anomaly-payload-retention changes nothing: ${NO_ANOMALIES}`,
  },
  {
    name: 'dumpEvalDetails',
    flags: '--dump-eval-details',
    meaning: 'accepted: the verdict of every answer is always kept',
  },
  {
    name: 'dumpExtractRate',
    flags: '--dump-extract-rate',
    meaning: 'accepted: extract_rate is always in the results',
  },
];

export const AISBENCH_FLAGS: readonly FlagSpec[] = ACCEPTED;

/** One line for each flag that was given and changes nothing. */
export function saidOf(flags: AisBenchFlags): string[] {
  return ACCEPTED.flatMap(({ name, said }) => {
    const given = flags[name] !== undefined && flags[name] !== false;
    return given && said !== undefined ? [said] : [];
  });
}
