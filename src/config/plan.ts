import type { DatasetType } from '../dataset/types.ts';
import type { APIModelOptions, BaseAPIModel } from '../models/base-api-model.ts';
import type { Mode } from './modes.ts';
import type { DatasetConfig, SummarizerConfig } from './schema.ts';

/** Where a value of the plan came from: a flag, `file:line`, or `default`. */
export type Origins = Readonly<Record<string, string>>;

export interface APIModelClass {
  new (options: APIModelOptions): BaseAPIModel;
  readonly name: string;
  readonly extraOptions: readonly string[];
}

/** A model to test. AISBench's words are translated here, once. */
export interface ServiceModelPlan {
  readonly abbr: string;
  readonly modelClass: APIModelClass;
  readonly options: APIModelOptions;
  /** `batch_size`: largest number of requests in flight. */
  readonly concurrency: number;
  /** `request_rate`. */
  readonly ratePerSecond: number;
  /** `retry` + 1: how often one request is sent at most. */
  readonly attempts: number;
  /** `generation_kwargs.num_return_sequences`: how often each row is asked. */
  readonly repetitions: number;
  readonly timeouts: {
    readonly connectMs: number;
    readonly firstTokenMs: number;
    readonly idleMs: number;
    readonly totalMs: number;
  };
  readonly metaTemplate: Readonly<Record<string, unknown>> | undefined;
  readonly origins: Origins;
}

export interface DatasetPlan {
  readonly abbr: string;
  readonly dataset: DatasetType;
  readonly config: DatasetConfig;
  /** Keys of the config that are the dataset class's own. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly origins: Origins;
}

/** Everything a run does, decided before it starts. */
export interface Plan {
  readonly mode: Mode;
  readonly models: readonly ServiceModelPlan[];
  readonly datasets: readonly DatasetPlan[];
  readonly summarizer: SummarizerConfig | undefined;
  readonly workDir: string;
  /** Only the first so many rows of each dataset. */
  readonly numPrompts: number | undefined;
  readonly numWarmups: number;
  /** Share of failed requests (0…1) above which the command fails. */
  readonly maxErrorRate: number;
  /** What the user should know about how the configs were understood. */
  readonly notes: readonly string[];
}
