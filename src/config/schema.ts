/**
 * The one source of what a config may hold: validation, the JSON Schema for editors and the table in `docs/config.md`
 * all come from here. Names and meanings are AISBench's (§2.1, §4.1); ours are marked so.
 */
import { z } from 'zod';
import { ARRIVALS } from '../load/arrival.ts';
import { BALANCES } from './plan.ts';

const count = (min: number, max: number) => z.int().min(min).max(max);
const seconds = z.number().min(0);
const keyValues = z.record(z.string(), z.unknown());

/** A class, or the name of one. */
const classOrName = z
  .union([z.string().min(1), z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function')])
  .meta({ title: 'class or name' });

const file = z.string().min(1);

export const tlsSchema = z
  .strictObject({
    ca: file.optional().describe('PEM file of the authorities to trust, in place of the built-in ones.'),
    cert: file.optional().describe('PEM file of the certificate that this client shows.'),
    key: file.optional().describe('PEM file of that certificate’s private key.'),
    passphrase: z.string().optional().describe('What opens the key; may be {env:NAME}.'),
    server_name: z
      .string()
      .min(1)
      .optional()
      .describe('Name that the server’s certificate must hold, instead of the URL’s host.'),
    insecure: z.boolean().default(false).describe('Do not check certificates.'),
  })
  .meta({ title: 'table' });

const adapterShare = z.strictObject({
  name: z.string().describe('Adapter or model; empty: the model itself.'),
  weight: z.number().positive().describe('Its share, relative to the others.'),
});

/** How a service is reached: all of these fields are ours. */
export const connectionFields = {
  url: z
    .union([z.string(), z.array(z.string().min(1)).min(1)])
    .default('')
    .meta({ title: 'text or list' })
    .describe('Base URL of the service, or several; replaces host_ip and host_port.'),
  urls: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Several base URLs; another way to write `url` (ours).'),
  balance: z
    .enum(BALANCES)
    .default('round_robin')
    .describe('Which of several URLs gets a case: the next one, or the least busy one (ours).'),
  headers: z
    .record(z.string(), z.union([z.string(), z.number().transform(String)]))
    .default({})
    .describe('Headers of every request; see docs/connections.md for fields (ours).'),
  tls: tlsSchema
    .optional()
    .describe('How https is spoken: ca, cert, key, passphrase, server_name, insecure (ours).'),
  proxy: z
    .string()
    .default('env')
    .describe('Proxy URL; env: http_proxy, https_proxy and no_proxy; empty: none (ours).'),
  http2: z
    .boolean()
    .default(false)
    .describe('Use HTTP/2; over http:// without asking the server first (ours).'),
  lora_mix: z
    .array(adapterShare)
    .min(1)
    .optional()
    .describe('Adapters or models to spread the cases over by weight (ours).'),
  lora_seed: z.int().min(0).default(0).describe('Seed of lora_mix (ours).'),
};

const rateOrNothing = z.union([z.number().min(0), z.literal('')]).nullish();

/** `traffic_cfg` of a service model: AISBench's four keys (§2.1, §5.3), and ours. */
export const trafficSchema = z.strictObject({
  burstiness: rateOrNothing.describe(
    'Shape of the gamma distribution of gaps: 0 or nothing even, 1 Poisson, below 1 burstier, above 1 smoother.',
  ),
  ramp_up_strategy: z
    .enum(['linear', 'exponential', ''])
    .nullish()
    .describe('How the rate goes from ramp_up_start_rps to ramp_up_end_rps over the requests.'),
  ramp_up_start_rps: rateOrNothing.describe('Rate of the first request, requests per second.'),
  ramp_up_end_rps: rateOrNothing.describe('Rate of the last request, requests per second.'),
  arrival: z
    .union([z.enum(ARRIVALS), z.string().min(1)])
    .meta({ title: 'name' })
    .optional()
    .describe(
      'Name of the schedule, a plugin’s or ./file.ts:function; without it what request_rate, burstiness and use_timestamp say (ours).',
    ),
  steps: z
    .string()
    .min(1)
    .optional()
    .describe('Rates one after the other instead of request_rate, e.g. 10@30s,20@30s (ours).'),
  absolute_timestamps: z
    .boolean()
    .default(false)
    .describe('Whether timestamps count from the start of the load and not from the first of them (ours).'),
});

export type TrafficConfig = z.output<typeof trafficSchema>;

/** Fields of any model that AISBench's configs may hold and that have no effect. */
const keptFields = {
  pred_postprocessor: keyValues
    .optional()
    .describe('Kept for AISBench configs: reasoning is always taken off before scoring.'),
  summarizer_abbr: z
    .string()
    .optional()
    .describe('Kept for AISBench configs; the summary names models by abbr.'),
  min_out_len: count(0, 1_000_000_000).optional().describe('Kept for AISBench configs.'),
  run_cfg: keyValues.optional().describe('Kept for AISBench configs.'),
};

export const timeoutsSchema = z.strictObject({
  connect: seconds
    .default(10)
    .describe('Seconds to connect: name, TCP, proxy and TLS together; 0 = no limit.'),
  first_token: seconds
    .default(600)
    .describe('Seconds from sending to the first event of a streamed reply; 0 = no limit.'),
  idle: seconds.default(120).describe('Seconds between two reads of a streamed reply; 0 = no limit.'),
  total: seconds.default(3600).describe('Seconds from sending until the reply is read; 0 = no limit.'),
});

export const serviceModelSchema = z.strictObject({
  attr: z.literal('service').describe('Marks a model behind an HTTP service.'),
  type: classOrName.describe('The model class: a shipped name, or your own class.'),
  abbr: z.string().min(1).describe('Unique short name; names the result files.'),
  path: z
    .string()
    .default('')
    .describe('Folder of the tokenizer, to count tokens where the service does not.'),
  model: z.string().default('').describe('Name the service knows the model by; empty: read from v1/models.'),
  model_name: z.string().optional().describe('Another name of `model` (Triton configs).'),
  stream: z
    .boolean()
    .default(false)
    .describe('Whether replies are streamed; without it TTFT, TPOT and ITL cannot be measured.'),
  request_rate: z
    .number()
    .min(0)
    .max(64_000)
    .default(0)
    .describe('Requests per second, one every 1/rate s; below 0.001 as fast as batch_size lets them.'),
  use_timestamp: z
    .boolean()
    .default(false)
    .describe('Send each row at its own `timestamp` (ms, a column of the dataset).'),
  traffic_cfg: trafficSchema.optional().describe('How requests arrive: see docs/load.md.'),
  retry: count(0, 1000).default(2).describe('Attempts after the first one; 0 sends each request once.'),
  api_key: z
    .string()
    .default('')
    .describe(
      'Sent as `Authorization: Bearer …`; never written anywhere. `{env:NAME}` or `{file:PATH}` names where it is.',
    ),
  host_ip: z.string().min(1).default('localhost').describe('Host name or address of the service.'),
  host_port: count(1, 65_535).default(8080).describe('Port of the service.'),
  ...connectionFields,
  enable_ssl: z.boolean().default(false).describe('Use https with host_ip and host_port.'),
  max_out_len: count(1, 1_000_000_000).default(4096).describe('Largest number of tokens to generate.'),
  batch_size: count(1, 100_000).default(1).describe('Largest number of requests in flight.'),
  trust_remote_code: z
    .boolean()
    .default(false)
    .describe('Kept for AISBench configs; no remote code is ever run.'),
  generation_kwargs: keyValues
    .default({})
    .describe('Sent untouched with every request (temperature, ignore_eos, …).'),
  meta_template: keyValues.optional().describe('How dialogue roles are written for this model.'),
  returns_tool_calls: z
    .boolean()
    .default(false)
    .describe('Whether a row’s column `tools` is sent with its requests.'),
  response_anomaly: z.unknown().optional().describe('Kept for AISBench configs.'),
  verbose: z.boolean().default(false).describe('Kept for AISBench configs.'),
  ...keptFields,
  timeouts: timeoutsSchema.prefault({}).describe('Time limits of a request (ours).'),
});

/** Any further key is the model class's own. */
export const localModelSchema = z.looseObject({
  attr: z.literal('local').describe('Marks a model that is loaded in this process.'),
  type: classOrName.describe('The model class: your own class, or its name.'),
  abbr: z.string().min(1).describe('Unique short name; names the result files.'),
  path: z.string().min(1).describe('Folder or name of weights and tokenizer.'),
  max_out_len: count(1, 1_000_000_000).describe('Largest number of tokens to generate.'),
  batch_size: count(1, 100_000).describe('Prompts that are answered together.'),
  max_seq_len: count(1, 1_000_000_000).describe('Longest sequence, prompt and answer together, in tokens.'),
  tokenizer_only: z.boolean().default(false).describe('Load the tokenizer and leave the weights.'),
  python: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Interpreter of a model that runs in Python; else that of `VIRTUAL_ENV`, else `python3` (ours).',
    ),
  generation_kwargs: keyValues.default({}).describe('Handed to the model class.'),
  meta_template: keyValues.optional().describe('How dialogue roles are written for this model.'),
  ...keptFields,
});

const templateSchema = z.looseObject({ type: z.string().default('PromptTemplate'), template: z.unknown() });

const readerSchema = z.strictObject({
  input_columns: z.union([z.array(z.string()), z.string().transform((name) => [name])]),
  output_column: z.string().nullable().default(null),
  train_split: z.string().optional(),
  test_split: z.string().optional(),
  train_range: z.union([z.string(), z.number()]).optional(),
  test_range: z.union([z.string(), z.number()]).optional(),
});

const evalSchema = z.looseObject({
  evaluator: z.looseObject({ type: z.string().min(1) }),
  pred_postprocessor: z.looseObject({ type: z.string().min(1) }).optional(),
  dataset_postprocessor: z.looseObject({ type: z.string().min(1) }).optional(),
  extractors: z
    .record(z.string(), z.looseObject({ type: z.string().min(1) }))
    .refine((table) => Object.keys(table).length > 0, 'is empty')
    .optional(),
  rules: z.enum(['fixed', 'compat']).default('fixed'),
});

/** One question an answer: a judge holds no dialogue, and has no train rows to show. */
const judgeSchema = z.strictObject({
  judge_model: keyValues.optional(),
  judge_dataset_type: z.unknown().optional(),
  judge_reader_cfg: readerSchema.prefault({ input_columns: [] }),
  prompt_template: templateSchema,
  retriever: z.looseObject({ type: z.literal('ZeroRetriever') }).prefault({ type: 'ZeroRetriever' }),
  inferencer: z.looseObject({ type: z.literal('GenInferencer') }).prefault({ type: 'GenInferencer' }),
  swapped: z
    .strictObject({
      prompt_template: templateSchema.optional(),
      columns: z.tuple([z.string(), z.string()]).optional(),
      verdicts: z.enum(['same', 'swapped']).optional(),
    })
    .refine(({ prompt_template, columns }) => (prompt_template ?? columns) !== undefined, {
      message: 'swaps nothing: it has neither columns nor a prompt_template',
    })
    .optional(),
});

export const datasetSchema = z.looseObject({
  abbr: z.string().min(1).describe('Unique short name; names the result files.'),
  type: z.union([
    z.string().min(1),
    z.custom<object>((value) => typeof value === 'object' && value !== null),
  ]),
  path: z
    .string()
    .default('')
    .describe(
      'Where the data lies, relative to AIS_BENCH_DATASETS_CACHE or ./datasets; a file of your own also relative to where the command is started.',
    ),
  media_root: z
    .union([
      z.array(z.string().min(1)),
      z
        .string()
        .min(1)
        .transform((folder) => [folder]),
    ])
    .meta({ title: 'string, or a list of them' })
    .optional()
    .describe('Folder whose files may go into requests, beside the folder of the data (ours).'),
  n: count(1, 100_000)
    .optional()
    .describe('How often each row is sent, where the model has no `num_return_sequences`.'),
  k: z
    .union([z.array(count(1, 100_000)).min(1), count(1, 100_000).transform((k) => [k])])
    .meta({ title: 'integer ≥ 1, or a list of them' })
    .optional()
    .describe('For which k `pass@k` and `cons@k` are reported; as often as each row is sent unless given.'),
  reader_cfg: readerSchema.describe('Columns that prompts and scores use, and which rows.'),
  infer_cfg: z
    .strictObject({
      prompt_template: templateSchema.optional(),
      ice_template: templateSchema.optional(),
      retriever: z.looseObject({ type: z.string().min(1) }),
      inferencer: z.looseObject({ type: z.string().min(1) }),
    })
    .describe('How a row becomes a prompt.'),
  eval_cfg: evalSchema
    .optional()
    .describe('How an answer is scored; without it a dataset is for performance only.'),
  judge_infer_cfg: judgeSchema
    .optional()
    .describe('Which model judges the answers, and how it is prompted; `eval_cfg` then scores its replies.'),
});

export const summarizerSchema = z.looseObject({
  attr: z.enum(['accuracy', 'performance']),
  type: z.string().optional(),
  stats_list: z
    .array(
      z
        .string()
        .regex(/^(Average|Min|Max|Median|P[1-9]\d?)$/, 'is none of Average, Min, Max, Median, P1…P99'),
    )
    .min(1)
    .max(8)
    .optional(),
  summary_groups: z.array(keyValues).optional(),
  dataset_abbrs: z
    .array(z.union([z.string(), z.tuple([z.string(), z.string()])]))
    .optional()
    .describe(
      'Rows of the summary in order: datasets, [dataset, metric], groups, and lines that are headings.',
    ),
});

export type ServiceModelConfig = z.output<typeof serviceModelSchema>;

/** JSON Schema of a config file, for editors: `{ models, datasets, summarizer }`. */
export function configJsonSchema(): object {
  const file = z.looseObject({
    models: z.array(z.union([serviceModelSchema, localModelSchema])).optional(),
    datasets: z.array(datasetSchema).optional(),
    summarizer: summarizerSchema.optional(),
  });
  return z.toJSONSchema(file, { unrepresentable: 'any', io: 'input' });
}

/** A row of the docs' table of config fields. */
export interface FieldDoc {
  readonly name: string;
  readonly required: boolean;
  readonly fallback: string;
  readonly range: string;
  readonly meaning: string;
}

/** The fields of a schema as the docs show them, from its JSON Schema. */
export function fieldDocs(schema: z.ZodType): FieldDoc[] {
  const json = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as JsonObject;
  const required = new Set((json['required'] as string[] | undefined) ?? []);
  return Object.entries(json['properties'] as Record<string, JsonObject>).map(([name, field]) => ({
    name,
    required: required.has(name),
    fallback: field['default'] === undefined ? '' : JSON.stringify(field['default']),
    range: rangeOf(field),
    meaning: String(field['description'] ?? ''),
  }));
}

type JsonObject = Record<string, unknown>;

function rangeOf(field: JsonObject): string {
  if (field['const'] !== undefined) return JSON.stringify(field['const']);
  if (field['title'] !== undefined) return String(field['title']);
  const { type, minimum, maximum } = field as { type?: string; minimum?: number; maximum?: number };
  if (type === undefined) return 'any';
  if (minimum === undefined) return type;
  return maximum === undefined ? `${type} ≥ ${minimum}` : `${type} ${minimum}…${maximum}`;
}
