import type { Mode } from './modes.ts';

/** The command line of a run, as given: an absent flag is undefined. */
export interface RunFlags {
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  readonly summarizer?: string;
  readonly mode: Mode;
  readonly workDir?: string;
  readonly configDir: string;
  readonly numPrompts?: number;
  readonly numWarmups: number;
  readonly maxErrorRate: number;
  readonly hostIp?: string;
  readonly hostPort?: number;
  readonly url?: string;
  readonly model?: string;
  readonly maxOutLen?: number;
  readonly batchSize?: number;
  readonly requestRate?: number;
  readonly apiKey?: string;
  /** `models.0.key=value` */
  readonly set: readonly string[];
}

/** Flags that replace a field of every model config. */
export const MODEL_OVERRIDES = {
  hostIp: 'host_ip',
  hostPort: 'host_port',
  url: 'url',
  model: 'model',
  maxOutLen: 'max_out_len',
  batchSize: 'batch_size',
  requestRate: 'request_rate',
  apiKey: 'api_key',
} as const satisfies Partial<Record<keyof RunFlags, string>>;

/** `hostIp` as it is typed: `--host-ip`. */
export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
