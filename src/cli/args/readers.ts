/** Reads flags from their tables: what a name of a reader or of a list of choices stands for, and how a value is read. */
import { InvalidArgumentError } from 'commander';
import type { RampFlag, RunFlags } from '../../config/flags.ts';
import { MODES } from '../../config/modes.ts';
import { FRAMINGS } from '../../contract/base-api-model.ts';
import { PROTOCOL_NAMES, type ProtocolName } from '../../engine/protocol-names.ts';
import { KINDS, LANGUAGES } from '../../kit/kinds.ts';
import { ARRIVALS } from '../../load/arrival.ts';
import { DIALECTS } from '../../metrics/dialects/types.ts';
import { parseObjective, parseSlos } from '../../metrics/goodput.ts';
import { parseFindingRule, parseRule } from '../../report/compare/rules.ts';
import { type LoadKind, parseLoads } from '../../search/load-points.ts';
import { type ManifestPart, type Mount, PARTS } from '../../workers/kubernetes.ts';
import { SUBJECT_NAME } from '../../workers/protocol.ts';
import type { Flag } from './flag.ts';

/** A flag as the tables hold it. */
export interface FlagRow extends Omit<Flag, 'parse' | 'choices' | 'group'> {
  /** The choices, or the name of their list. */
  readonly choices?: readonly string[] | keyof typeof CHOICES;
  /** The name of a reader, and its arguments. */
  readonly parse?: readonly [keyof typeof READERS, ...(string | number)[]];
}

/** Lists of names that other rooms define. */
const CHOICES = {
  modes: MODES,
  dialects: DIALECTS,
  kinds: KINDS,
  languages: LANGUAGES,
  framings: FRAMINGS,
} as const;

const FASTEST_RATE = 64_000;

/** Readers of values, made from the arguments that a table gives. Each throws InvalidArgumentError that says what is wrong with the text. */
const READERS = {
  whole,
  number: numberIn,
  share: () => share,
  url: () => httpUrl,
  prompts: () => (text: string) => (text.toLowerCase() === 'none' ? 'none' : whole(1)(text)),
  rate: () => (text: string) => (text === 'inf' ? 0 : numberIn('requests per second', 0, FASTEST_RATE)(text)),
  ramp: () => ramp,
  loads: (kind: LoadKind) => refusing((text) => parseLoads(text, kind)),
  slos: () => refusing(parseSlos),
  objective: () => refusing(parseObjective),
  rule: () => refusing(parseRule),
  finding: () => refusing(findingRule),
  protocols: () => protocols,
  workers: () => parseWorkers,
  group: () => groupName,
  processes: () => processes,
  label,
  'object-name': () => objectName,
  quantity: () => quantity,
  mount: () => mount,
  part: () => part,
} as const;

function findingRule(text: string) {
  const rule = parseFindingRule(text);
  if (rule === undefined)
    throw new Error('a run is held against findings, e.g. finding:CLIENT-LOOP; compare also takes numbers');
  return rule;
}

/** Names in a meaning that other rooms define. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  protocols: PROTOCOL_NAMES,
  parts: PARTS,
  arrivals: ARRIVALS,
};

/** Makes a flag from its row. */
export function readFlag({ parse, choices, ...row }: FlagRow): Flag {
  const [reader, ...options] = parse ?? [];
  return {
    ...row,
    meaning: row.meaning.replace(/\{(\w+)\}/g, (_, name: string) => WORDS[name]!.join(', ')),
    ...(choices !== undefined && { choices: readChoices(choices) }),
    ...(reader !== undefined && {
      parse: (READERS[reader] as (...given: unknown[]) => (text: string) => unknown)(...options),
    }),
  };
}

/** Returns choices that a table has as they are or by the name of their list. */
export function readChoices(choices: NonNullable<FlagRow['choices']>): readonly string[] {
  return typeof choices === 'string' ? CHOICES[choices] : choices;
}

/** Reads a whole number within limits. */
function whole(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= min && value <= max) return value;
    const range =
      max === Number.MAX_SAFE_INTEGER ? `a whole number ≥ ${min}` : `a whole number ${min}…${max}`;
    throw new InvalidArgumentError(`It is not ${range}.`);
  };
}

/** Reads a number within limits; `unit` names what is counted. */
function numberIn(unit: string, min: number, max = Number.MAX_VALUE): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    const range = max === Number.MAX_VALUE ? `${min} or more` : `${min}…${max}`;
    throw new InvalidArgumentError(`It is not a number of ${unit}, ${range}.`);
  };
}

/** Reads `1%` or `0.01`. */
function share(text: string): number {
  const percent = /^([\d.]+)\s*%$/.exec(text)?.[1];
  const value = percent === undefined ? Number(text) : Number(percent) / 100;
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It is not a share: write 1% or a number 0…1.');
}

/** Reads an http or https URL. */
function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It is not an http or https URL.');
}

/** Makes a flag's reader from a function that throws a plain Error. */
function refusing<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

/** Reads `2..8`, `linear:2..8` or `exponential:2..8`. */
function ramp(text: string): RampFlag {
  const [, shape = 'linear', from, to] =
    /^(?:(linear|exponential):)?(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (from === undefined || Number(to) < Number(from) || Number(to) === 0 || Number(to) > FASTEST_RATE)
    throw new InvalidArgumentError('It is not a rising ramp: write 2..8 or exponential:2..8.');
  return {
    ramp_up_strategy: shape as RampFlag['ramp_up_strategy'],
    ramp_up_start_rps: Number(from),
    ramp_up_end_rps: Number(to),
  };
}

/** Reads `all`, or names with commas between them. */
function protocols(text: string): readonly ProtocolName[] | 'all' {
  if (text === 'all') return text;
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !PROTOCOL_NAMES.includes(name as ProtocolName));
  if (unknown === undefined) return names as ProtocolName[];
  throw new InvalidArgumentError(
    `There is no protocol "${unknown}". Give all, or a list of ${PROTOCOL_NAMES.join(', ')}.`,
  );
}

/** Reads the name of a group. */
function groupName(text: string): string {
  if (SUBJECT_NAME.test(text)) return text;
  throw new InvalidArgumentError('A name of a group has letters, digits, - and _ only.');
}

/** Reads a number of processes, or `auto`. */
function processes(text: string): number | 'auto' {
  return text === 'auto' ? text : whole(1, 256)(text);
}

/** Reads `4`, `auto`, `load` or `load:4`. */
function parseWorkers(text: string): NonNullable<RunFlags['workers']> {
  if (text === 'auto' || /^[-\d.]*$/.test(text)) return processes(text);
  const [, named = '', least = '1'] = /^(.*?)(?::([1-9]\d*))?$/.exec(text) ?? [];
  return { group: groupName(named), least: Number(least) };
}

const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const OBJECT_NAME = /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/;
const QUANTITY = /^(\d+|\d*\.\d+)(m|k|[MGTPE]|[KMGTPE]i)?$/;

/** Reads a name that can be the prefix of a host name. */
function label(most: number): (text: string) => string {
  return (text) => {
    if (text.length <= most && LABEL.test(text)) return text;
    throw new InvalidArgumentError(
      `It is not up to ${most} small letters, digits and hyphens, a letter first and no hyphen last.`,
    );
  };
}

function objectName(text: string): string {
  if (text.length <= 253 && OBJECT_NAME.test(text)) return text;
  throw new InvalidArgumentError('It is not a name of an object: small letters, digits, hyphens and dots.');
}

function quantity(text: string): string {
  if (QUANTITY.test(text) && Number.parseFloat(text) > 0) return text;
  throw new InvalidArgumentError('It is not a Kubernetes quantity: write 2, 500m or 4Gi.');
}

/** Reads `configmap:my-models:/bench/configs/models`. */
function mount(text: string): Mount {
  const [, kind, name = '', path] = /^(configmap|secret|pvc):([^:]+):(\/[^:]*)$/.exec(text) ?? [];
  if (kind === undefined || path === undefined) {
    throw new InvalidArgumentError('It is not KIND:NAME:/PATH with configmap, secret or pvc as KIND.');
  }
  return { kind: kind as Mount['kind'], name: objectName(name), path };
}

function part(text: string): ManifestPart {
  const found = PARTS.find((one) => one === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`It is not one of ${PARTS.join(', ')}.`);
}
