import { AisBenchError } from '../errors.ts';
import { type APIModelOptions, baseUrlOf } from '../models/base-api-model.ts';
import { type Catalog, originsOf, unknownName } from './catalog.ts';
import type { RunFlags } from './flags.ts';
import type { APIModelClass, ServiceModelPlan } from './plan.ts';
import { type ServiceModelConfig, serviceModelSchema } from './schema.ts';
import { type RawEntry, validate } from './validate.ts';

/** The tool's own keys of `generation_kwargs`; they never reach a service. */
const TOOL_KEYS = ['num_return_sequences', 'lora_data_map_file'];

/** A raw model entry becomes the plan of a model; AISBench's words are translated here. */
export async function resolveModel(
  entry: RawEntry,
  flags: RunFlags,
  catalog: Catalog,
): Promise<ServiceModelPlan> {
  requireService(entry);
  const modelClass = await modelClassOf(entry, catalog);
  const { common, extra } = splitExtra(entry, modelClass);
  const config = validate(serviceModelSchema, { ...entry, values: common });
  requireParser(modelClass, config, flags, entry);
  const { timeouts } = config;
  const options = modelOptions(config, extra);
  requireUrl(options, entry);
  return {
    abbr: config.abbr,
    modelClass,
    options,
    concurrency: config.batch_size,
    ratePerSecond: config.request_rate,
    attempts: config.retry + 1,
    repetitions: repetitionsOf(config, entry),
    timeouts: {
      connectMs: timeouts.connect * 1000,
      firstTokenMs: timeouts.first_token * 1000,
      idleMs: timeouts.idle * 1000,
      totalMs: timeouts.total * 1000,
    },
    metaTemplate: config.meta_template,
    origins: originsOf(entry, Object.keys(serviceModelSchema.shape)),
  };
}

function requireService(entry: RawEntry): void {
  const { attr } = entry.values;
  if (attr === 'service') return;
  const given = attr === undefined ? 'attr is missing' : `attr is ${JSON.stringify(attr)}`;
  throw new AisBenchError(
    'UTILS-CFG-002',
    `${entry.label}: ${given}; this version runs models with attr "service"`,
    {
      where: entry.where(['attr']),
      cure: 'write attr: "service" and the class of a service model as type',
    },
  );
}

async function modelClassOf(entry: RawEntry, catalog: Catalog): Promise<APIModelClass> {
  const { type } = entry.values;
  if (typeof type === 'function') return type as APIModelClass;
  if (typeof type === 'string' && Object.hasOwn(catalog.models, type)) return catalog.models[type]!();
  throw unknownName('model class', type, Object.keys(catalog.models), entry);
}

/** The keys that a class of one's own declares in `extraOptions` are its, not ours to check. */
function splitExtra(
  entry: RawEntry,
  { extraOptions = [] }: APIModelClass,
): Record<'common' | 'extra', Record<string, unknown>> {
  const extra: Record<string, unknown> = {};
  const common: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry.values))
    (extraOptions.includes(key) ? extra : common)[key] = value;
  return { common, extra };
}

function requireParser(
  modelClass: APIModelClass,
  config: ServiceModelConfig,
  flags: RunFlags,
  entry: RawEntry,
): void {
  const { prototype } = modelClass;
  const refuse = (code: 'MODEL-IMPL-001' | 'MODEL-IMPL-002', method: string, why: string): never => {
    throw new AisBenchError(code, `${modelClass.name} has no ${method}, which ${why} needs`, {
      where: entry.where(['type']),
      cure: `add ${method}(data, output) to ${modelClass.name}, or use another model config`,
    });
  };
  if (typeof prototype?.getRequestBody !== 'function' || typeof prototype?.getUrl !== 'function') {
    throw new AisBenchError('MODEL-IMPL-003', `${modelClass.name} lacks getUrl or getRequestBody`, {
      where: entry.where(['type']),
      cure: 'extend BaseAPIModel and write both methods',
    });
  }
  if (flags.mode === 'perf' && prototype.parseStreamResponse === undefined) {
    refuse('MODEL-IMPL-002', 'parseStreamResponse', 'a performance run (--mode perf)');
  }
  if (config.stream && prototype.parseStreamResponse === undefined) {
    refuse('MODEL-IMPL-002', 'parseStreamResponse', 'stream: true');
  }
  if (!config.stream && prototype.parseTextResponse === undefined) {
    refuse('MODEL-IMPL-001', 'parseTextResponse', 'stream: false');
  }
}

function modelOptions(config: ServiceModelConfig, extra: Record<string, unknown>): APIModelOptions {
  const generationKwargs = Object.fromEntries(
    Object.entries(config.generation_kwargs).filter(([key]) => !TOOL_KEYS.includes(key)),
  );
  return {
    ...Object.fromEntries(Object.entries(extra).map(([key, value]) => [camelCase(key), value])),
    path: config.path,
    model: config.model || (config.model_name ?? ''),
    stream: config.stream,
    maxOutLen: config.max_out_len,
    retry: config.retry,
    apiKey: config.api_key,
    hostIp: config.host_ip,
    hostPort: config.host_port,
    url: config.url,
    enableSsl: config.enable_ssl,
    trustRemoteCode: config.trust_remote_code,
    generationKwargs,
  };
}

function requireUrl(options: APIModelOptions, entry: RawEntry): void {
  try {
    const { pathname } = new URL(baseUrlOf(options));
    // A scheme where a host belongs becomes a host: `http://http://10.0.0.1:8080/`.
    if (pathname.startsWith('//')) throw new TypeError('a host is not a URL, or the scheme is not http(s)');
  } catch (cause) {
    const key = options.url === '' ? 'host_ip' : 'url';
    throw new AisBenchError('UTILS-CFG-002', `${entry.label}.${key}: this makes no valid URL`, {
      where: entry.overridden[key] ?? entry.where([key]),
      cure: 'write a host, or a URL such as http://host:8080/',
      cause,
    });
  }
}

function repetitionsOf(config: ServiceModelConfig, entry: RawEntry): number {
  const value = config.generation_kwargs['num_return_sequences'] ?? 1;
  if (Number.isInteger(value) && (value as number) >= 1) return value as number;
  throw new AisBenchError(
    'UTILS-CFG-002',
    'generation_kwargs.num_return_sequences is not a whole number ≥ 1',
    {
      where: entry.where(['generation_kwargs', 'num_return_sequences']),
      cure: 'write how often each question is to be asked',
    },
  );
}

/** Fields that AISBench configs may hold and this version does not act on are said, not silently dropped. */
export function notesOn(values: Readonly<Record<string, unknown>>): string[] {
  const idle = ['use_timestamp', 'traffic_cfg', 'returns_tool_calls'].filter((key) => Boolean(values[key]));
  const postprocessor = (values['pred_postprocessor'] as { type?: unknown } | undefined)?.type;
  // Reasoning is always stripped before scoring, so this one asks for what happens anyway.
  if (postprocessor !== undefined && postprocessor !== 'extract_non_reasoning_content')
    idle.push('pred_postprocessor');
  const kwargs = (values['generation_kwargs'] ?? {}) as Record<string, unknown>;
  if (kwargs['lora_data_map_file'] !== undefined) idle.push('generation_kwargs.lora_data_map_file');
  const rate = Number(values['request_rate'] ?? 0);
  const notes = idle.map((key) => `${values['abbr']}: ${key} has no effect in this version`);
  if (rate > 0 && rate < 0.1)
    notes.push(`${values['abbr']}: request_rate ${rate} is below 0.1, so requests are not paced`);
  return notes;
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
