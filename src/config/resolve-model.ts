/** Makes the plans of models; AISBench's words are translated here, and `generation_kwargs` are checked. */
import { resolve } from 'node:path';
import { defined } from '../basics/defined.ts';
import { editDistance } from '../basics/nearest.ts';
import type { APIModelOptions } from '../contract/base-api-model.ts';
import {
  type APIModelClass,
  type ClassRef,
  type LocalModelClass,
  type ModelClass,
  optionalMethods,
} from '../contract/class-ref.ts';
import { AisBenchError, messageOf } from '../contract/errors.ts';
import { type Finding, finding, scoped } from '../contract/finding.ts';
import { originsOf, shownFields } from './catalog.ts';
import { camelCase, snakeCase } from './class-source.ts';
import type { CompleteConfig } from './flags.ts';
import { readNamedFile } from './load.ts';
import { hasStep, isLoadTest, type Mode } from './modes.ts';
import { isOldField, oldFields } from './old-names.ts';
import type { Surroundings } from './places.ts';
import type { LocalModelPlan, ServiceModelPlan } from './plan.ts';
import type { ResolvedClass } from './resolve-class.ts';
import { resolveConnection } from './resolve-connection.ts';
import { arrivalFindings, resolveArrival } from './resolve-load.ts';
import { localModelSchema, type ServiceModelConfig, serviceModelSchema } from './schema.ts';
import { type RawEntry, unknownKey, validate, wrongValue } from './validate.ts';

/** A raw model entry with `attr: "service"` becomes the plan of a model; AISBench's words are translated here. */
export function resolveModel(
  entry: RawEntry,
  { modelClass: given, ref }: ResolvedClass,
  flags: CompleteConfig,
  { arrival, ...surroundings }: Surroundings & { readonly arrival?: ClassRef | undefined },
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
    chunksAreTokens: modelClass.chunksAreTokens !== false,
    options: modelOptions(config, {
      extra,
      headers,
      url,
      apiKey: readApiKey(config.api_key, entry, surroundings),
    }),
    concurrency: config.batch_size,
    arrival: resolveArrival(config, entry, arrival),
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

/** The keys that a class of one's own declares in `extraOptions` are its, not ours to check; old fields of AISBench's say nothing. */
function splitExtra(
  entry: RawEntry,
  { extraOptions = [] }: APIModelClass,
): Record<'common' | 'extra', Record<string, unknown>> {
  const extra: Record<string, unknown> = {};
  const common: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(entry.values))
    if (extraOptions.includes(key)) extra[key] = value;
    else if (!isOldField(key)) common[key] = value;
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

/**
 * Finds fields that AISBench configs may hold and this version does not act on, or not as they seem. `options` are those of the model's
 * plan: what its class takes for its own is no old field.
 */
export function modelFindings(
  values: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>> = {},
): Finding[] {
  const findings = [...arrivalFindings(values), ...kwargsFindings(values)];
  if (values['attr'] === 'service') findings.push(...oldFields(values, options));
  const postprocessor = (values['pred_postprocessor'] as { type?: unknown } | undefined)?.type;
  // Reasoning is always stripped before scoring, so this one asks for what happens anyway.
  if (postprocessor !== undefined && postprocessor !== 'extract_non_reasoning_content')
    findings.push(finding('POSTPROCESSOR-UNUSED', {}));
  if (values['attr'] === 'local') findings.push(...remoteCode(values));
  return findings.map((one) => scoped(one, { model: String(values['abbr']) }));
}

/** What Python takes for true counts: it is Python that reads it. */
function remoteCode(values: Readonly<Record<string, unknown>>): Finding[] {
  const given = Object.entries(values).filter(
    ([, inner]) => (inner as { trust_remote_code?: unknown } | null | undefined)?.trust_remote_code,
  );
  return given.map(([key]) => finding('REMOTE-CODE', { key, path: String(values['path']) }));
}

const KNOWN = Object.keys(localModelSchema.shape);

/** A raw model entry with `attr: "local"` becomes the plan of a model that is loaded in this process. */
export function resolveLocal(entry: RawEntry, { modelClass, ref }: ResolvedClass): LocalModelPlan {
  requireGenerate(entry, modelClass);
  const config = validate(localModelSchema, entry);
  requireJson(config, entry);
  const own = Object.entries(config).filter(([key]) => !KNOWN.includes(key));
  for (const [key] of own) refuseMisspelling(key, entry);
  return {
    attr: 'local',
    abbr: config.abbr,
    modelClass: ref,
    methods: optionalMethods(modelClass),
    options: {
      ...Object.fromEntries(own.map(([key, value]) => [camelCase(key), value])),
      path: config.path,
      maxOutLen: config.max_out_len,
      batchSize: config.batch_size,
      maxSeqLen: config.max_seq_len,
      tokenizerOnly: config.tokenizer_only,
      ...defined({ metaTemplate: config.meta_template, python: config.python }),
      generationKwargs: sentKwargs(config.generation_kwargs),
      further: Object.fromEntries(own),
    },
    concurrency: config.batch_size,
    arrival: { kind: 'closed' },
    attempts: 1,
    ...repetitionsOf(config, entry),
    metaTemplate: config.meta_template,
    fields: shownFields(config),
    origins: originsOf(entry, KNOWN),
  };
}

function requireGenerate(entry: RawEntry, modelClass: ModelClass): void {
  if (typeof (modelClass as LocalModelClass).prototype?.generate === 'function') return;
  throw new AisBenchError('MODEL-IMPL-003', `${modelClass.name} lacks generate`, {
    where: entry.where(['type']),
    cure: 'extend BaseModel and write generate(inputs, maxOutLen, args)',
  });
}

/** Any further key is the class's, but one that is a slip away from ours was meant to be ours. */
function refuseMisspelling(key: string, entry: RawEntry): void {
  if (!KNOWN.some((known) => editDistance(key, known) <= (known.length > 6 ? 2 : 1))) return;
  const { text, where, cure } = unknownKey([key], key, entry, KNOWN);
  throw new AisBenchError('UTILS-CFG-002', text, { where, cure });
}

/**
 * Reads the key that a config means: itself, or what `{env:NAME}` or `{file:PATH}` holds, so that neither config nor command holds the key.
 * Throws UTILS-CFG-002 where that is nothing.
 */
function readApiKey(given: string, entry: RawEntry, { env, cwd }: Surroundings): string {
  const [, source, name = ''] = /^\{(env|file):([^{}]*)\}$/.exec(given) ?? [];
  if (source === undefined) return given;
  const refuse = (why: string) =>
    wrongValue(entry, ['api_key'], why, 'put the key there, or name another place: {env:NAME}, {file:PATH}');
  if (source === 'env') {
    const key = env[name];
    if (key) return key;
    throw refuse(`the environment variable ${name} is not set`);
  }
  let key = '';
  try {
    key = readNamedFile(resolve(cwd, name)).trim();
  } catch (error) {
    throw refuse(`the file cannot be read: ${messageOf(error)}`);
  }
  if (key === '' || /[\r\n]/.test(key)) throw refuse(`the file ${name} does not hold one line`);
  return key;
}

type GenerationKwargs = Readonly<Record<string, unknown>>;
interface WithKwargs {
  readonly generation_kwargs: GenerationKwargs;
}

/** The tool's own keys; they never reach a service. */
const TOOL_KEYS = ['num_return_sequences', 'lora_data_map_file'];

/** What services call the limit that `max_out_len` sets; what shipped classes send is `max_out_len`. */
const LIMITS = ['max_tokens', 'max_new_tokens', 'max_output_tokens'];

/** `generation_kwargs` without the tool's own keys. */
function sentKwargs(kwargs: GenerationKwargs): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kwargs).filter(([key]) => !TOOL_KEYS.includes(key)));
}

/** Returns how often each row is sent. Throws UTILS-CFG-002 where `num_return_sequences` is no such number. */
function repetitionsOf(
  { generation_kwargs }: WithKwargs,
  entry: RawEntry,
): Pick<ServiceModelPlan, 'repetitions' | 'fixesRepetitions'> {
  const value = generation_kwargs['num_return_sequences'];
  if (value === undefined || value === null) return { repetitions: 1 };
  if (Number.isInteger(value) && (value as number) >= 1)
    return { repetitions: value as number, fixesRepetitions: true };
  throw new AisBenchError(
    'UTILS-CFG-002',
    'generation_kwargs.num_return_sequences is not a whole number ≥ 1',
    {
      where: entry.where(['generation_kwargs', 'num_return_sequences']),
      cure: 'write how often each sample is to be sent',
    },
  );
}

/** Throws UTILS-CFG-002 for what would make the requests others than the config says, or the answers worthless. */
export function checkKwargs(
  config: WithKwargs & Pick<ServiceModelConfig, 'stream'>,
  entry: RawEntry,
  mode: Mode,
): void {
  requireJson(config, entry);
  const { stream, ignore_eos } = config.generation_kwargs;
  const refuse = (key: string, why: string, cure: string) =>
    wrongValue(entry, ['generation_kwargs', key], why, cure);
  if (stream !== undefined && stream !== config.stream)
    throw refuse(
      'stream',
      `it is ${String(stream)}, and the model's own stream is ${config.stream}`,
      'take it out of generation_kwargs, and set stream of the model',
    );
  if (ignore_eos === true && hasStep(mode, 'ask') && hasStep(mode, 'score'))
    throw refuse(
      'ignore_eos',
      'answers that go on behind their end cannot be scored',
      'take it out, or measure with --mode perf',
    );
}

/** Throws UTILS-CFG-002 for a number that JSON does not have: a service would be sent null, and use its default. */
export function requireJson({ generation_kwargs }: WithKwargs, entry: RawEntry): void {
  const path = pathToNonNumber(generation_kwargs);
  if (path === undefined) return;
  throw wrongValue(
    entry,
    ['generation_kwargs', ...path],
    'NaN and infinity cannot be sent: JSON has no such numbers',
    'write a number, or take the key out',
  );
}

function pathToNonNumber(value: unknown): string[] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : [];
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const rest = pathToNonNumber(inner);
    if (rest !== undefined) return [key, ...rest];
  }
  return undefined;
}

/** Finds keys that do not do what they seem to. */
export function kwargsFindings(values: Readonly<Record<string, unknown>>): Finding[] {
  const kwargs = (values['attr'] === 'service' && (values['generation_kwargs'] as GenerationKwargs)) || {};
  const limits = LIMITS.filter((key) => kwargs[key] !== undefined && kwargs[key] !== values['max_out_len']);
  const findings: Finding[] = limits.map((key) => finding('LIMIT-UNUSED', { key }));
  if (kwargs['model'] !== undefined) findings.push(finding('MODEL-UNUSED', {}));
  if (Number(kwargs['n']) > 1) findings.push(finding('SEVERAL-CHOICES', { n: String(kwargs['n']) }));
  return findings;
}
