/** The plan of a run: plain data that can be written, hashed and sent; and the secrets in it. */
import { createHash } from 'node:crypto';
import type { APIModelOptions } from '../contract/base-api-model.ts';
import type { LocalModelOptions } from '../contract/base-model.ts';
import type { ClassRef, OptionalMethod } from '../contract/class-ref.ts';
import type { Finding } from '../contract/finding.ts';
import type { Arrival } from '../load/arrival.ts';
import { redactor, secretsIn } from '../store/redact.ts';
import type { ProxySettings } from '../transport/proxy.ts';
import type { TlsSettings } from '../transport/types.ts';
import type { DatasetConfig, SummarizerFields } from './config-types.ts';
import type { Mode } from './modes.ts';

/** Where a value of the plan came from: a flag, `file:line`, or `default`. */
export type Origins = Readonly<Record<string, string>>;

/** What a run has to know of any model. AISBench's words are translated here, once. */
interface AnyModelPlan {
  readonly abbr: string;
  readonly modelClass: ClassRef;
  /** Optional methods that the class has. */
  readonly methods: readonly OptionalMethod[];
  /** `batch_size`: largest number of requests in flight, or of prompts that are answered together. */
  readonly concurrency: number;
  /** How requests arrive: `request_rate`, `traffic_cfg`, `use_timestamp`; closed for a local model. */
  readonly arrival: Arrival;
  /** `retry` + 1: how often one request is sent at most; 1 for a local model. */
  readonly attempts: number;
  /** `generation_kwargs.num_return_sequences`, 1 where it is not given: how often each row is sent. */
  readonly repetitions: number;
  /** It was given: what a dataset says of it does not count. */
  readonly fixesRepetitions?: true;
  readonly metaTemplate?: Readonly<Record<string, unknown>> | undefined;
  /** The config's fields with the values that count, secrets masked: for a person to read. Absent where no config was read. */
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly origins: Origins;
}

/** A model behind an HTTP service. */
export interface ServiceModelPlan extends AnyModelPlan {
  readonly attr: 'service';
  /** The class can ask for an answer of an exact length. */
  readonly fixesLength: boolean;
  /** An event with text is about one token, so that events may stand for tokens where the service gives no counts. */
  readonly chunksAreTokens: boolean;
  readonly options: APIModelOptions;
  /** `returns_tool_calls`: a row's column `tools` is sent with it. */
  readonly sendsTools: boolean;
  readonly timeouts: {
    readonly connectMs: number;
    readonly firstTokenMs: number;
    readonly idleMs: number;
    readonly totalMs: number;
  };
  readonly connection: ConnectionPlan;
}

/** A model that is loaded in this process. */
export interface LocalModelPlan extends AnyModelPlan {
  readonly attr: 'local';
  readonly options: LocalModelOptions;
}

export type ModelPlan = ServiceModelPlan | LocalModelPlan;

export interface DatasetPlan {
  readonly abbr: string;
  readonly datasetClass: ClassRef;
  readonly config: DatasetConfig;
  /** Keys of the config that are the dataset class's own. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly origins: Origins;
  /** `infer_cfg.inferencer`, where it is the user's own. */
  readonly inferencer?: ClassRef;
  /** `eval_cfg.evaluator`, where it is the user's own. */
  readonly evaluator?: ClassRef;
  /** `eval_cfg.pred_postprocessor`, where it is the user's own. */
  readonly postprocessor?: ClassRef;
  /** `judge_infer_cfg`: the answers are put to a model, and its replies are what is scored. */
  readonly judge?: JudgePlan;
}

/** Who judges the answers to a dataset. */
export interface JudgePlan {
  readonly model: ModelPlan;
  /**
   * How the judge is prompted and its replies are scored; its `abbr` is `<dataset>-<judge>`. Its class is that of the dataset, and its rows
   * are made of answers.
   */
  readonly dataset: DatasetPlan;
  /** Each answer is judged a second time, with something swapped that should not sway the judge. */
  readonly swapped?: {
    /** The second prompt; the first one's unless given. */
    readonly prompt_template?: DatasetConfig['infer_cfg']['prompt_template'] | undefined;
    /** Columns whose values change places. */
    readonly columns?: readonly [string, string] | undefined;
    /** `swapped`: A means in the second reply what B means in the first. */
    readonly verdicts: 'same' | 'swapped';
  };
}

/** What bounds and divides the load of every task. */
export interface LoadConfig {
  /** Seed of the arrivals: the same seed, the same schedule. */
  readonly seed: number;
  /** Milliseconds after which nothing more becomes due; absent: the data decides. */
  readonly durationMs?: number | undefined;
  /** `--pressure`: `batch_size` clients, opened at the rate of `arrival`, each sending its next request when one ends. */
  readonly pressure: boolean;
  /** Begin the data again when it is used up. */
  readonly cycle: boolean;
  /** Cases (a dialogue is one) after which the load is over; absent: the data or time ends it. */
  readonly cases?: number;
  /** Processes that send; `auto` takes one unless the load is large. */
  readonly workers: number | 'auto';
}

/** Where the host that runs a plan looks for what the plan names by relative paths; no part of what is run. */
interface PlanPlaces {
  /** The folder, absolute, that relative paths begin at, those of classes among them. */
  readonly base: string;
  /** Folders that datasets are looked for in, in order. */
  readonly data: readonly string[];
}

/**
 * Everything a run does, decided before it starts. Plain data: what `JSON.parse(JSON.stringify(plan))` gives is the same plan, unless a
 * class of it is `inline`.
 */
export interface Plan {
  readonly places: PlanPlaces;
  readonly mode: Mode;
  /** This mode asks nothing, and the run that it works on was made by `all+perf`. */
  readonly ofScoredLoad?: true;
  readonly models: readonly ModelPlan[];
  readonly datasets: readonly DatasetPlan[];
  /** Abbrs of the models and datasets that are run on each other; absent: every model on every dataset. */
  readonly pairs?: readonly (readonly [model: string, dataset: string])[];
  readonly summarizer?: SummarizerFields | undefined;
  readonly workDir: string;
  /** Only the first so many rows of each dataset. */
  readonly numPrompts?: number | undefined;
  readonly numWarmups: number;
  readonly load: LoadConfig;
  /** A text that no other run has, for prompts that no cache should know. */
  readonly nonce?: string;
  /** Share of failed requests (0…1) above which the command fails. */
  readonly maxErrorRate: number;
  /** How the configs were understood, where that is not as it seems. */
  readonly findings: readonly Finding[];
}

export const BALANCES = ['round_robin', 'least_in_flight'] as const;
export type Balance = (typeof BALANCES)[number];

/** Which adapter (or other model) a case asks for; '' = the model itself. */
export type AdapterPlan =
  | {
      readonly kind: 'mix';
      readonly seed: number;
      readonly shares: readonly { readonly name: string; readonly weight: number }[];
    }
  | {
      readonly kind: 'rows';
      readonly path: string;
      /** Adapter by row of the dataset, counted from 0. */
      readonly names: Readonly<Record<string, string>>;
    };

/** How a service is reached. */
export interface ConnectionPlan {
  /** Base URLs, normalised, at least one. */
  readonly servers: readonly string[];
  readonly balance: Balance;
  readonly http2: boolean;
  readonly tls?: TlsSettings | undefined;
  readonly proxy: ProxySettings;
  readonly adapters?: AdapterPlan | undefined;
  /** Headers as the config writes them, environment variables not filled in. */
  readonly headers: Readonly<Record<string, string>>;
  /** Values that may be written nowhere. */
  readonly secrets: readonly string[];
}

/** Every value of a model's plan that may be written nowhere: what a redactor has to know. */
export function secretsOf(model: ModelPlan): string[] {
  const own = secretsIn(model.options);
  return model.attr === 'local' ? own : [...own, ...model.connection.secrets];
}

/**
 * Hashes what a run does: the same for plans that send the same requests in the same way and score them alike, on whatever host. Left out
 * are secrets, where the plan's values came from, what is said about it, and where the host keeps configs, data and results.
 */
export function planHash(plan: Plan): string {
  const {
    places: _ofTheHost,
    workDir: _ofTheResults,
    findings: _forPeople,
    models,
    datasets,
    ...rest
  } = plan;
  const judges = datasets.flatMap(({ judge }) => (judge === undefined ? [] : [judge.model]));
  const redact = redactor([...models, ...judges].flatMap(secretsOf));
  const done = { ...rest, models: models.map(hashedModel), datasets: datasets.map(hashedDataset) };
  return createHash('sha256')
    .update(redact(JSON.stringify(done)))
    .digest('hex');
}

function hashedModel({ origins: _origins, fields: _fields, ...model }: ModelPlan): object {
  if (model.attr === 'local') return model;
  // Headers as they are written; the filled-in ones may hold secrets. A certificate or key is known by its file.
  const { apiKey: _secret, headers: _filledIn, ...options } = model.options;
  const { secrets: _secrets, tls, ...connection } = model.connection;
  const { passphrase: _passphrase, ca, cert, key, ...secured } = tls ?? {};
  const files = [ca, cert, key].map((file) => file?.path);
  return { ...model, options, connection: { ...connection, tls: tls && { ...secured, files } } };
}

function hashedDataset({ origins: _origins, judge, ...dataset }: DatasetPlan): object {
  if (judge === undefined) return dataset;
  // A judge's model is among the config's fields as it was written, key and all.
  const { judge_infer_cfg: _written, ...config } = dataset.config;
  const judged = { ...judge, model: hashedModel(judge.model), dataset: hashedDataset(judge.dataset) };
  return { ...dataset, config, judge: judged };
}
