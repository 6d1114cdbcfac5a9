/** What `generation_kwargs` may hold, and what of it is not as it looks. */
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import { hasStep, type Mode } from './modes.ts';
import type { ServiceModelPlan } from './plan.ts';
import type { ServiceModelConfig } from './schema.ts';
import { type RawEntry, wrongValue } from './validate.ts';

type GenerationKwargs = Readonly<Record<string, unknown>>;
interface WithKwargs {
  readonly generation_kwargs: GenerationKwargs;
}

/** The tool's own keys; they never reach a service. */
const TOOL_KEYS = ['num_return_sequences', 'lora_data_map_file'];

/** What services call the limit that `max_out_len` sets; what shipped classes send is `max_out_len`. */
const LIMITS = ['max_tokens', 'max_new_tokens', 'max_output_tokens'];

/** `generation_kwargs` without the tool's own keys. */
export function sentKwargs(kwargs: GenerationKwargs): Record<string, unknown> {
  return Object.fromEntries(Object.entries(kwargs).filter(([key]) => !TOOL_KEYS.includes(key)));
}

/** Returns how often each row is sent. Throws UTILS-CFG-002 where `num_return_sequences` is no such number. */
export function repetitionsOf(
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
