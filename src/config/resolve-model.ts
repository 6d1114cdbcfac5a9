import type { APIModelOptions } from '../contract/base-api-model.ts';
import { type APIModelClass, optionalMethods } from '../contract/class-ref.ts';
import { AisBenchError } from '../contract/errors.ts';
import { readApiKey } from './api-key.ts';
import { originsOf, shownFields } from './catalog.ts';
import { snakeCase } from './class-names.ts';
import type { CompleteConfig } from './flags.ts';
import { checkKwargs, notesOnKwargs, repetitionsOf, sentKwargs } from './generation-kwargs.ts';
import { hasStep, isLoadTest } from './modes.ts';
import type { ServiceModelPlan } from './plan.ts';
import type { Surroundings } from './reading.ts';
import { notesOnArrival, resolveArrival } from './resolve-arrival.ts';
import type { ResolvedClass } from './resolve-class.ts';
import { resolveConnection } from './resolve-connection.ts';
import { type ServiceModelConfig, serviceModelSchema } from './schema.ts';
import { type RawEntry, validate } from './validate.ts';

/** A raw model entry with `attr: "service"` becomes the plan of a model; AISBench's words are translated here. */
export function resolveModel(
  entry: RawEntry,
  { modelClass: given, ref }: ResolvedClass,
  flags: CompleteConfig,
  surroundings: Surroundings,
): ServiceModelPlan {
  const modelClass = given as APIModelClass;
  const { common, extra } = splitExtra(entry, modelClass);
  const config = validate(serviceModelSchema, { ...entry, values: common });
  requireParser(modelClass, config, flags, entry);
  checkKwargs(config, entry, flags.mode);
  const { timeouts } = config;
  const { connection, headers, url } = resolveConnection(config, entry, surroundings);
  return {
    attr: 'service',
    abbr: config.abbr,
    modelClass: ref,
    methods: optionalMethods(modelClass),
    fixesLength: modelClass.fixesLength === true,
    options: modelOptions(config, {
      extra,
      headers,
      url,
      apiKey: readApiKey(config.api_key, entry, surroundings),
    }),
    concurrency: config.batch_size,
    arrival: resolveArrival(config, entry),
    attempts: config.retry + 1,
    ...repetitionsOf(config, entry),
    sendsTools: config.returns_tool_calls,
    timeouts: {
      connectMs: timeouts.connect * 1000,
      firstTokenMs: timeouts.first_token * 1000,
      idleMs: timeouts.idle * 1000,
      totalMs: timeouts.total * 1000,
    },
    connection,
    metaTemplate: config.meta_template,
    fields: shownFields(config),
    origins: originsOf(entry, Object.keys(serviceModelSchema.shape)),
  };
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
  flags: CompleteConfig,
  entry: RawEntry,
): void {
  const { prototype } = modelClass;
  const refuse = (code: 'MODEL-IMPL-001' | 'MODEL-IMPL-002', method: string, why: string): never => {
    throw new AisBenchError(code, `${modelClass.name} has no ${method}, which ${why} needs`, {
      where: entry.where(['type']),
      cure: `add ${method}(data, output), in Python ${snakeCase(method)}(self, data, output), to ${modelClass.name}, or use another model config`,
    });
  };
  if (typeof prototype?.getRequestBody !== 'function' || typeof prototype?.getUrl !== 'function') {
    throw new AisBenchError('MODEL-IMPL-003', `${modelClass.name} lacks getUrl or getRequestBody`, {
      where: entry.where(['type']),
      cure: 'extend BaseAPIModel and write both methods',
    });
  }
  if (isLoadTest(flags.mode) && hasStep(flags.mode, 'ask') && prototype.parseStreamResponse === undefined) {
    refuse('MODEL-IMPL-002', 'parseStreamResponse', `a performance run (--mode ${flags.mode})`);
  }
  if (config.stream && prototype.parseStreamResponse === undefined) {
    refuse('MODEL-IMPL-002', 'parseStreamResponse', 'stream: true');
  }
  if (!config.stream && prototype.parseTextResponse === undefined) {
    refuse('MODEL-IMPL-001', 'parseTextResponse', 'stream: false');
  }
}

interface OwnOptions {
  /** Options of the class itself. */
  readonly extra: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly url: string;
  readonly apiKey: string;
}

function modelOptions(
  config: ServiceModelConfig,
  { extra, headers, url, apiKey }: OwnOptions,
): APIModelOptions {
  return {
    ...Object.fromEntries(Object.entries(extra).map(([key, value]) => [camelCase(key), value])),
    path: config.path,
    model: config.model || (config.model_name ?? ''),
    stream: config.stream,
    maxOutLen: config.max_out_len,
    retry: config.retry,
    apiKey,
    hostIp: config.host_ip,
    hostPort: config.host_port,
    url,
    enableSsl: config.enable_ssl,
    trustRemoteCode: config.trust_remote_code,
    headers,
    generationKwargs: sentKwargs(config.generation_kwargs),
  };
}

/** Fields that AISBench configs may hold and this version does not act on are said, not silently dropped. */
export function notesOn(values: Readonly<Record<string, unknown>>): string[] {
  const notes = [...notesOnArrival(values), ...notesOnKwargs(values)];
  const postprocessor = (values['pred_postprocessor'] as { type?: unknown } | undefined)?.type;
  // Reasoning is always stripped before scoring, so this one asks for what happens anyway.
  if (postprocessor !== undefined && postprocessor !== 'extract_non_reasoning_content')
    notes.push('pred_postprocessor has no effect in this version');
  if (values['attr'] === 'local') notes.push(...notesOnRemoteCode(values));
  return notes.map((note) => `${values['abbr']}: ${note}`);
}

/** What Python takes for true counts: it is Python that is told. */
function notesOnRemoteCode(values: Readonly<Record<string, unknown>>): string[] {
  const given = Object.entries(values).filter(
    ([, inner]) => (inner as { trust_remote_code?: unknown } | null | undefined)?.trust_remote_code,
  );
  return given.map(
    ([key]) =>
      `${key}.trust_remote_code is on: code that lies at ${values['path']} runs here, with your rights`,
  );
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
