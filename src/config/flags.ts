import type { Mode } from './modes.ts';

/** The command line of a run, as given: an absent flag is undefined. */
export interface RunFlags {
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  readonly summarizer?: string;
  /** A file that holds models, datasets and summarizer, instead of their names. */
  readonly config?: string;
  readonly mode: Mode;
  readonly workDir?: string;
  /** The run to continue: its stamp, or true for the newest. */
  readonly reuse?: string | true;
  readonly configDir: string;
  readonly numPrompts?: number;
  readonly numWarmups: number;
  readonly maxErrorRate: number;
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
  /** Cases after which a load test is over. */
  readonly maxCases?: number;
  readonly pressure?: boolean;
  /** Seconds. */
  readonly pressureTime?: number;
  readonly seed?: number;
  /** Processes that send: so many of this machine, or those of a group of remote workers. */
  readonly workers?: number | 'auto' | WorkerGroup;
  /** Interpreter of local models in Python. */
  readonly python?: string;
  readonly apiKey?: string;
  /** What made-up prompts begin with; the same text gives the same prompts. */
  readonly nonce?: string;
  /** A dataset of one's own, where `datasets` is empty. */
  readonly customDatasetPath?: string;
  readonly customDatasetMetaPath?: string;
  readonly customDatasetDataType?: 'mcq' | 'qa';
  /** `models.0.key=value` */
  readonly set: readonly string[];
}

/** A group of remote workers. */
export interface WorkerGroup {
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
