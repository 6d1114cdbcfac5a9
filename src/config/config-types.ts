/** Made from the schema by scripts/config-types.ts; a test holds the two together. */

/** Columns that prompts and scores use, and which rows. */
interface ReaderFields {
  input_columns: string[] | string;
  /** Default: `null`. */
  output_column?: string | null | undefined;
  train_split?: string | undefined;
  test_split?: string | undefined;
  train_range?: string | number | undefined;
  test_range?: string | number | undefined;
}

/** A prompt with places for columns. */
interface TemplateFields {
  /** Default: `"PromptTemplate"`. */
  type?: string | undefined;
  template: unknown;
  [key: string]: unknown;
}

/** A class by its name, and its options. */
interface ClassFields {
  type: string;
  [key: string]: unknown;
}

/** A model behind a service, as a config has it. */
export interface ServiceModelFields {
  /** Marks a model behind an HTTP service. */
  attr: 'service';
  /** The model class: a shipped name, or your own class. */
  type: unknown;
  /** Unique short name; names the result files. */
  abbr: string;
  /** Folder of the tokenizer, to count tokens where the service does not. Default: `""`. */
  path?: string | undefined;
  /** Name the service knows the model by; empty: read from v1/models. Default: `""`. */
  model?: string | undefined;
  /** Another name of `model` (Triton configs). */
  model_name?: string | undefined;
  /** Whether replies are streamed; without it TTFT, TPOT and ITL cannot be measured. Default: `false`. */
  stream?: boolean | undefined;
  /** Requests per second, one every 1/rate s; below 0.001 as fast as batch_size lets them. Default: `0`. */
  request_rate?: number | undefined;
  /** Send each row at its own `timestamp` (ms, a column of the dataset). Default: `false`. */
  use_timestamp?: boolean | undefined;
  /** How requests arrive: see docs/load.md. */
  traffic_cfg?:
    | {
        /** Shape of the gamma distribution of gaps: 0 or nothing even, 1 Poisson, below 1 burstier, above 1 smoother. */
        burstiness?: number | '' | null | undefined;
        /** How the rate goes from ramp_up_start_rps to ramp_up_end_rps over the requests. */
        ramp_up_strategy?: 'linear' | 'exponential' | '' | null | undefined;
        /** Rate of the first request, requests per second. */
        ramp_up_start_rps?: number | '' | null | undefined;
        /** Rate of the last request, requests per second. */
        ramp_up_end_rps?: number | '' | null | undefined;
        /** Name of the schedule, a plugin’s or ./file.ts:function; without it what request_rate, burstiness and use_timestamp say (ours). */
        arrival?:
          | 'closed'
          | 'constant'
          | 'poisson'
          | 'poisson-exact'
          | 'gamma'
          | 'trace'
          | 'aisbench'
          | string
          | undefined;
        /** Rates one after the other instead of request_rate, e.g. 10@30s,20@30s (ours). */
        steps?: string | undefined;
        /** Whether timestamps count from the start of the load and not from the first of them (ours). Default: `false`. */
        absolute_timestamps?: boolean | undefined;
      }
    | undefined;
  /** Attempts after the first one; 0 sends each request once. Default: `2`. */
  retry?: number | undefined;
  /** Sent as `Authorization: Bearer …`; never written anywhere. `{env:NAME}` or `{file:PATH}` names where it is. Default: `""`. */
  api_key?: string | undefined;
  /** Host name or address of the service. Default: `"localhost"`. */
  host_ip?: string | undefined;
  /** Port of the service. Default: `8080`. */
  host_port?: number | undefined;
  /** Base URL of the service, or several; replaces host_ip and host_port. Default: `""`. */
  url?: string | string[] | undefined;
  /** Several base URLs; another way to write `url` (ours). */
  urls?: string[] | undefined;
  /** Which of several URLs gets a case: the next one, or the least busy one (ours). Default: `"round_robin"`. */
  balance?: 'round_robin' | 'least_in_flight' | undefined;
  /** Headers of every request; see docs/connections.md for fields (ours). */
  headers?: { [key: string]: string | number } | undefined;
  /** How https is spoken: ca, cert, key, passphrase, server_name, insecure (ours). */
  tls?:
    | {
        /** PEM file of the authorities to trust, in place of the built-in ones. */
        ca?: string | undefined;
        /** PEM file of the certificate that this client shows. */
        cert?: string | undefined;
        /** PEM file of that certificate’s private key. */
        key?: string | undefined;
        /** What opens the key; may be {env:NAME}. */
        passphrase?: string | undefined;
        /** Name that the server’s certificate must hold, instead of the URL’s host. */
        server_name?: string | undefined;
        /** Do not check certificates. Default: `false`. */
        insecure?: boolean | undefined;
      }
    | undefined;
  /** Proxy URL; env: http_proxy, https_proxy and no_proxy; empty: none (ours). Default: `"env"`. */
  proxy?: string | undefined;
  /** Use HTTP/2; over http:// without asking the server first (ours). Default: `false`. */
  http2?: boolean | undefined;
  /** Adapters or models to spread the cases over by weight (ours). */
  lora_mix?:
    | {
        /** Adapter or model; empty: the model itself. */
        name: string;
        /** Its share, relative to the others. */
        weight: number;
      }[]
    | undefined;
  /** Seed of lora_mix (ours). Default: `0`. */
  lora_seed?: number | undefined;
  /** Use https with host_ip and host_port. Default: `false`. */
  enable_ssl?: boolean | undefined;
  /** Largest number of tokens to generate. Default: `4096`. */
  max_out_len?: number | undefined;
  /** Largest number of requests in flight. Default: `1`. */
  batch_size?: number | undefined;
  /** Kept for AISBench configs; no remote code is ever run. Default: `false`. */
  trust_remote_code?: boolean | undefined;
  /** Sent untouched with every request (temperature, ignore_eos, …). Default: `{}`. */
  generation_kwargs?: { [key: string]: unknown } | undefined;
  /** How dialogue roles are written for this model. */
  meta_template?: { [key: string]: unknown } | undefined;
  /** Whether a row’s column `tools` is sent with its requests. Default: `false`. */
  returns_tool_calls?: boolean | undefined;
  /** Kept for AISBench configs. */
  response_anomaly?: unknown | undefined;
  /** Kept for AISBench configs. Default: `false`. */
  verbose?: boolean | undefined;
  /** Kept for AISBench configs: reasoning is always taken off before scoring. */
  pred_postprocessor?: { [key: string]: unknown } | undefined;
  /** Kept for AISBench configs; the summary names models by abbr. */
  summarizer_abbr?: string | undefined;
  /** Kept for AISBench configs. */
  min_out_len?: number | undefined;
  /** Kept for AISBench configs. */
  run_cfg?: { [key: string]: unknown } | undefined;
  /** Time limits of a request (ours). Default: `{}`. */
  timeouts?:
    | {
        /** Seconds to connect: name, TCP, proxy and TLS together; 0 = no limit. Default: `10`. */
        connect?: number | undefined;
        /** Seconds from sending to the first event of a streamed reply; 0 = no limit. Default: `600`. */
        first_token?: number | undefined;
        /** Seconds between two reads of a streamed reply; 0 = no limit. Default: `120`. */
        idle?: number | undefined;
        /** Seconds from sending until the reply is read; 0 = no limit. Default: `3600`. */
        total?: number | undefined;
      }
    | undefined;
}

/** A model that is loaded here, as a config has it. */
export interface LocalModelFields {
  /** Marks a model that is loaded in this process. */
  attr: 'local';
  /** The model class: your own class, or its name. */
  type: unknown;
  /** Unique short name; names the result files. */
  abbr: string;
  /** Folder or name of weights and tokenizer. */
  path: string;
  /** Largest number of tokens to generate. */
  max_out_len: number;
  /** Prompts that are answered together. */
  batch_size: number;
  /** Longest sequence, prompt and answer together, in tokens. */
  max_seq_len: number;
  /** Load the tokenizer and leave the weights. Default: `false`. */
  tokenizer_only?: boolean | undefined;
  /** Interpreter of a model that runs in Python; else that of `VIRTUAL_ENV`, else `python3` (ours). */
  python?: string | undefined;
  /** Handed to the model class. Default: `{}`. */
  generation_kwargs?: { [key: string]: unknown } | undefined;
  /** How dialogue roles are written for this model. */
  meta_template?: { [key: string]: unknown } | undefined;
  /** Kept for AISBench configs: reasoning is always taken off before scoring. */
  pred_postprocessor?: { [key: string]: unknown } | undefined;
  /** Kept for AISBench configs; the summary names models by abbr. */
  summarizer_abbr?: string | undefined;
  /** Kept for AISBench configs. */
  min_out_len?: number | undefined;
  /** Kept for AISBench configs. */
  run_cfg?: { [key: string]: unknown } | undefined;
  [key: string]: unknown;
}

/** A dataset, as a config has it. */
export interface DatasetFields {
  /** Unique short name; names the result files. */
  abbr: string;
  type: unknown;
  /** Where the data lies, relative to AIS_BENCH_DATASETS_CACHE or ./datasets; a file of your own also relative to where the command is started. Default: `""`. */
  path?: string | undefined;
  /** Folder whose files may go into requests, beside the folder of the data (ours). */
  media_root?: string[] | string | undefined;
  /** How often each row is sent, where the model has no `num_return_sequences`. */
  n?: number | undefined;
  /** For which k `pass@k` and `cons@k` are reported; as often as each row is sent unless given. */
  k?: number[] | number | undefined;
  /** Columns that prompts and scores use, and which rows. */
  reader_cfg: ReaderFields;
  /** How a row becomes a prompt. */
  infer_cfg: {
    prompt_template?: TemplateFields | undefined;
    ice_template?: TemplateFields | undefined;
    retriever: ClassFields;
    inferencer: ClassFields;
  };
  /** How an answer is scored; without it a dataset is for performance only. */
  eval_cfg?:
    | {
        evaluator: ClassFields;
        pred_postprocessor?: ClassFields | undefined;
        dataset_postprocessor?: ClassFields | undefined;
        extractors?: { [key: string]: ClassFields } | undefined;
        /** Default: `"fixed"`. */
        rules?: 'fixed' | 'compat' | undefined;
        [key: string]: unknown;
      }
    | undefined;
  /** Which model judges the answers, and how it is prompted; `eval_cfg` then scores its replies. */
  judge_infer_cfg?:
    | {
        judge_model?: { [key: string]: unknown } | undefined;
        judge_dataset_type?: unknown | undefined;
        /** Default: `{"input_columns":[]}`. */
        judge_reader_cfg?: ReaderFields | undefined;
        prompt_template: TemplateFields;
        /** Default: `{"type":"ZeroRetriever"}`. */
        retriever?:
          | {
              type: 'ZeroRetriever';
              [key: string]: unknown;
            }
          | undefined;
        /** Default: `{"type":"GenInferencer"}`. */
        inferencer?:
          | {
              type: 'GenInferencer';
              [key: string]: unknown;
            }
          | undefined;
        swapped?:
          | {
              prompt_template?: TemplateFields | undefined;
              columns?: [string, string] | undefined;
              verdicts?: 'same' | 'swapped' | undefined;
            }
          | undefined;
      }
    | undefined;
  [key: string]: unknown;
}

/** A summarizer, as a config has it. */
export interface SummarizerFields {
  attr: 'accuracy' | 'performance';
  type?: string | undefined;
  stats_list?: string[] | undefined;
  summary_groups?: { [key: string]: unknown }[] | undefined;
  /** Rows of the summary in order: datasets, [dataset, metric], groups, and lines that are headings. */
  dataset_abbrs?: (string | [string, string])[] | undefined;
  [key: string]: unknown;
}

/** What a dataset reads, its defaults filled in. */
type ReaderConfig = {
  input_columns: string[];
  output_column: string | null;
  train_split?: string | undefined;
  test_split?: string | undefined;
  train_range?: string | number | undefined;
  test_range?: string | number | undefined;
};

/** A dataset whose defaults are filled in. */
export type DatasetConfig = {
  [x: string]: unknown;
  abbr: string;
  type: string | object;
  path: string;
  reader_cfg: ReaderConfig;
  infer_cfg: {
    retriever: { [x: string]: unknown; type: string };
    inferencer: { [x: string]: unknown; type: string };
    prompt_template?: { [x: string]: unknown; type: string; template: unknown } | undefined;
    ice_template?: { [x: string]: unknown; type: string; template: unknown } | undefined;
  };
  media_root?: string[] | undefined;
  n?: number | undefined;
  k?: number[] | undefined;
  eval_cfg?:
    | {
        [x: string]: unknown;
        evaluator: { [x: string]: unknown; type: string };
        rules: 'fixed' | 'compat';
        pred_postprocessor?: { [x: string]: unknown; type: string } | undefined;
        dataset_postprocessor?: { [x: string]: unknown; type: string } | undefined;
        extractors?: Record<string, { [x: string]: unknown; type: string }> | undefined;
      }
    | undefined;
  judge_infer_cfg?:
    | {
        judge_reader_cfg: ReaderConfig;
        prompt_template: { [x: string]: unknown; type: string; template: unknown };
        retriever: { [x: string]: unknown; type: 'ZeroRetriever' };
        inferencer: { [x: string]: unknown; type: 'GenInferencer' };
        judge_model?: Record<string, unknown> | undefined;
        judge_dataset_type?: unknown;
        swapped?:
          | {
              prompt_template?: { [x: string]: unknown; type: string; template: unknown } | undefined;
              columns?: [string, string] | undefined;
              verdicts?: 'same' | 'swapped' | undefined;
            }
          | undefined;
      }
    | undefined;
};
