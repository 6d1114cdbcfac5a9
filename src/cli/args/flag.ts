import { InvalidArgumentError } from 'commander';

/** The shape of the command table: parser, help, docs and hints are made from it. */

/** Headings of `--help`, in their order. */
export const GROUPS = [
  'Options',
  'Model and data',
  'Service and connection',
  'Load',
  'Search',
  'Scoring',
  'Report',
  'Run',
  'Remote workers',
  'Compatibility',
] as const;
type FlagGroup = (typeof GROUPS)[number];

/** One flag of a command. */
export interface Flag {
  /** Names and value as they are typed: `-m, --mode <mode>`. */
  readonly flags: string;
  readonly meaning: string;
  /** `Options` when absent; flags of `Compatibility` are in the docs and in `--help-all` only. */
  readonly group?: FlagGroup;
  readonly example?: string;
  /** Value of a flag that is not given. */
  readonly fallback?: unknown;
  /** The default in words, when it is not one value. */
  readonly otherwise?: string;
  readonly choices?: readonly string[];
  /** Throws InvalidArgumentError that says what is wrong with the text. */
  readonly parse?: (text: string) => unknown;
  /** May be given several times: the values become a list. */
  readonly repeatable?: boolean;
  /** Environment variable that is read when the flag is not given. */
  readonly env?: string;
  /** For tests; neither in help nor in the docs. */
  readonly hidden?: boolean;
  /** Former names, and names in other tools: refused with the present one. */
  readonly replaces?: readonly string[];
  /** Warning of a run that is given the flag. */
  readonly notice?: string;
}

/** An argument of a command. */
interface CommandParameter {
  /** `<run>`, `[config]` or `<runs...>` */
  readonly name: string;
  readonly meaning: string;
  readonly choices?: readonly string[];
}

/** One command: `ais_bench` itself has an empty name. */
export interface CommandSpec {
  /** `serve`, or `datasets pull`; a parent comes before its children. */
  readonly name: string;
  /** One line, verb first. */
  readonly summary: string;
  readonly parameters?: readonly CommandParameter[];
  readonly flags?: readonly Flag[];
  /** Flags of a run that it takes too. */
  readonly runFlags?: readonly Flag[];
  readonly examples?: readonly (readonly [purpose: string, command: string])[];
  /** Started by this tool itself; neither in help nor in the docs. */
  readonly hidden?: boolean;
  /** Former names: refused with the present one. */
  readonly replaces?: readonly string[];
}

/** Puts flags under one heading. */
export function inGroup(group: FlagGroup, flags: readonly Flag[]): readonly Flag[] {
  return flags.map((flag) => ({ ...flag, group }));
}

/** The long name of a flag: `--mode`. */
export function longName({ flags }: Flag): string {
  return /--[\w-]+/.exec(flags)![0];
}

/** Reads a whole number within limits. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= min && value <= max) return value;
    const range =
      max === Number.MAX_SAFE_INTEGER ? `a whole number ≥ ${min}` : `a whole number ${min}…${max}`;
    throw new InvalidArgumentError(`It is not ${range}.`);
  };
}

/** Reads a number within limits; `unit` names what is counted. */
export function numberIn(min: number, max: number, unit: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    const range = max === Number.MAX_VALUE ? `${min} or more` : `${min}…${max}`;
    throw new InvalidArgumentError(`It is not a number of ${unit}, ${range}.`);
  };
}

/** Reads `1%` or `0.01`. */
export function share(text: string): number {
  const percent = /^([\d.]+)\s*%$/.exec(text)?.[1];
  const value = percent === undefined ? Number(text) : Number(percent) / 100;
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('It is not a share: write 1% or a number 0…1.');
}

/** Reads an http or https URL. */
export function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError('It is not an http or https URL.');
}

/** Makes a flag's reader from a function that throws a plain Error. */
export function refusing<T>(read: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}
