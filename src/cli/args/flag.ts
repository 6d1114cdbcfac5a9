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
export type FlagGroup = (typeof GROUPS)[number];

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
export interface CommandParameter {
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

/** The long name of a flag: `--mode`. */
export function longName({ flags }: Pick<Flag, 'flags'>): string {
  return /--[\w-]+/.exec(flags)![0];
}

/** `--max-num-workers` → `maxNumWorkers`: the key of a parsed flag. */
export function attributeName(flag: Flag): string {
  return longName(flag)
    .replace(/^--(no-)?/, '')
    .replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
