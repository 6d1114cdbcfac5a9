import { defined } from '../basics/defined.ts';
import type { ModelClass } from '../contract/class-ref.ts';
import type { DatasetType } from '../contract/dataset.ts';
import { AisBenchError } from '../contract/errors.ts';
import type { Inferencer } from '../contract/inferencer.ts';
import type { ArrivalFunction } from '../load/arrival.ts';
import type {
  DatasetFields,
  LocalModelFields,
  ServiceModelFields,
  SummarizerFields,
} from './config-types.ts';
import { MODE_TABLE, type Mode } from './modes.ts';

/** A model in a config: its fields by the names that config files use, and whatever its class takes beside them. */
export type ModelEntry = (
  | (Omit<ServiceModelFields, 'type' | 'traffic_cfg'> & {
      readonly type: string | ModelClass;
      readonly traffic_cfg?:
        | (Omit<NonNullable<ServiceModelFields['traffic_cfg']>, 'arrival'> & {
            /** A name, or the function itself. */
            readonly arrival?: string | ArrivalFunction | undefined;
          })
        | undefined;
    })
  | (Omit<LocalModelFields, 'type'> & { readonly type: string | ModelClass })
) & { readonly [option: string]: unknown };

/** A dataset in a config: its fields by the names that config files use, and whatever its class takes beside them. */
export type DatasetEntry = Omit<DatasetFields, 'type' | 'infer_cfg' | 'eval_cfg'> & {
  readonly type: string | DatasetType;
  readonly infer_cfg: Omit<DatasetFields['infer_cfg'], 'inferencer'> & {
    readonly inferencer: { readonly type: string | Inferencer; readonly [option: string]: unknown };
  };
  readonly eval_cfg?:
    | (Omit<NonNullable<DatasetFields['eval_cfg']>, 'evaluator'> & {
        /** A name, or the evaluator itself. */
        readonly evaluator: { readonly type: string | object; readonly [option: string]: unknown };
      })
    | undefined;
  readonly [option: string]: unknown;
};

/**
 * What a run may be given: models and datasets, by the names of their configs or as they are, and the flags of the command line in
 * camelCase. An absent field is as if the flag were not given.
 */
export interface RunConfig {
  /** Names or paths of configs, entries as a config file has them, or classes. */
  readonly models?: readonly (string | ModelClass | ModelEntry)[];
  /** Names or paths of configs, or entries as a config file has them. */
  readonly datasets?: readonly (string | DatasetEntry)[];
  readonly summarizer?: string | SummarizerFields;
  /** A file that holds models, datasets and summarizer, instead of their names. */
  readonly config?: string;
  /** Default `all`. */
  readonly mode?: Mode;
  readonly workDir?: string;
  /** Folder that is searched for configs first; default `configs`. */
  readonly configDir?: string;
  /** Plugins: names of packages, or paths of folders. */
  readonly plugin?: readonly string[];
  readonly numPrompts?: number;
  /** Requests before the measured ones; default 1. */
  readonly numWarmups?: number;
  /** Share of failed requests (0…1) above which a run counts as failed; default 0.01. */
  readonly maxErrorRate?: number;
  readonly hostIp?: string;
  readonly hostPort?: number;
  /** One, or several servers. */
  readonly url?: string | readonly string[];
  /** `Name: value` */
  readonly header?: readonly string[];
  readonly insecure?: boolean;
  /** Seconds. */
  readonly timeoutConnect?: number;
  readonly timeoutFirstToken?: number;
  readonly timeoutIdle?: number;
  readonly timeoutTotal?: number;
  readonly model?: string;
  readonly maxOutLen?: number;
  readonly batchSize?: number;
  /** Attempts after the first one. */
  readonly retries?: number;
  readonly requestRate?: number;
  readonly arrival?: string;
  readonly burstiness?: number;
  readonly ramp?: RampFlag;
  /** `10@30s,20@30s` */
  readonly steps?: string;
  /** Seconds. */
  readonly duration?: number;
  readonly cycle?: boolean;
  /** Number of cases after which a load test ends. */
  readonly maxCases?: number;
  readonly pressure?: boolean;
  /** Seconds. */
  readonly pressureTime?: number;
  readonly seed?: number;
  /** Processes that send: so many of this machine, or those of a group of remote workers. */
  readonly workers?: number | 'auto' | WorkerGroup;
  /** Whether local models may run code that comes with their weights; a service's tokenizer is never code. */
  readonly trustRemoteCode?: boolean;
  /** Interpreter of local models in Python. */
  readonly python?: string;
  readonly apiKey?: string;
  /** What made-up prompts begin with; the same text gives the same prompts. */
  readonly nonce?: string;
  /** A data file of the user's, where `datasets` is empty. */
  readonly customDatasetPath?: string;
  readonly customDatasetMetaPath?: string;
  readonly customDatasetDataType?: 'mcq' | 'qa';
  /** `models.0.key=value` */
  readonly set?: readonly string[];
}

/** A run's config with what has a default filled in. */
export type CompleteConfig = RunConfig &
  Required<
    Pick<RunConfig, 'models' | 'datasets' | 'mode' | 'configDir' | 'numWarmups' | 'maxErrorRate' | 'set'>
  >;

/** The command line of a run: configs are named, and an absent flag is undefined. */
export interface RunFlags extends CompleteConfig {
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  readonly summarizer?: string;
  /** The run to continue: its stamp, or true for the newest. */
  readonly reuse?: string | true;
}

const DEFAULTS = {
  models: [],
  datasets: [],
  mode: 'all',
  configDir: 'configs',
  numWarmups: 1,
  maxErrorRate: 0.01,
  set: [],
} as const satisfies RunConfig;

/** Fills in the defaults of a run's config. Throws TMAN-CMD-002 for a mode that there is not. */
export function completeConfig(config: RunConfig): CompleteConfig {
  const { mode = DEFAULTS.mode } = config;
  if (typeof mode === 'string' && Object.hasOwn(MODE_TABLE, mode)) return { ...DEFAULTS, ...defined(config) };
  throw new AisBenchError('TMAN-CMD-002', `there is no mode ${JSON.stringify(mode)}`, {
    where: 'mode',
    cure: `use one of: ${Object.keys(MODE_TABLE).join(', ')}`,
  });
}

/** Returns the config as it is: an editor completes its fields and marks what is wrong. */
export function defineConfig(config: RunConfig): RunConfig {
  return config;
}

/** A group of remote workers. */
interface WorkerGroup {
  readonly group: string;
  /** Workers without which a run does not start. */
  readonly least: number;
}

/** A ramp as the fields of `traffic_cfg` have it. */
export interface RampFlag {
  readonly ramp_up_strategy: 'linear' | 'exponential';
  readonly ramp_up_start_rps: number;
  readonly ramp_up_end_rps: number;
}

/** Flags that replace a field of every model config, and where the field is. */
export const MODEL_OVERRIDES = {
  hostIp: 'host_ip',
  hostPort: 'host_port',
  url: 'url',
  model: 'model',
  maxOutLen: 'max_out_len',
  batchSize: 'batch_size',
  retries: 'retry',
  requestRate: 'request_rate',
  arrival: 'traffic_cfg.arrival',
  burstiness: 'traffic_cfg.burstiness',
  steps: 'traffic_cfg.steps',
  python: 'python',
  apiKey: 'api_key',
  insecure: 'tls.insecure',
  timeoutConnect: 'timeouts.connect',
  timeoutFirstToken: 'timeouts.first_token',
  timeoutIdle: 'timeouts.idle',
  timeoutTotal: 'timeouts.total',
} as const satisfies Partial<Record<keyof RunFlags, string>>;

/** `hostIp` as it is typed: `--host-ip`. */
export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
