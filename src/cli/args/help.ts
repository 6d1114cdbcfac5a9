/** Draws `--help` from the command table. */
import { COMMANDS } from './commands.ts';
import { type CommandSpec, type Flag, GROUPS } from './flag.ts';

/** Longer lines are hard to read, however wide the terminal. */
const WIDEST = 120;
/** A longer name has its meaning on the lines below. */
const LONGEST_NAME = 26;

interface HelpOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Also the flags that are accepted for compatibility, and those that are listed with another command. */
  readonly all?: boolean;
  readonly usageOnly?: boolean;
}

/** Returns the help of a command; no line is longer than `width`, and no word is cut. */
export function helpText(spec: CommandSpec, { width, all = false, usageOnly = false }: HelpOptions): string {
  const { name, summary, parameters = [], flags = [], runFlags = [] } = spec;
  if (usageOnly) return `${usageLines(spec).join('\n')}\n(ais_bench ${name} --help shows more)\n`;
  const columns = Math.min(width, WIDEST);
  const commands = name === '' ? COMMANDS.filter(isListed) : [];
  const shown = [...flags, ...(all ? runFlags : [])].filter(({ hidden }) => !hidden);
  const groups = GROUPS.filter((group) => all || group !== 'Compatibility');
  const parts = [
    usageLines(spec),
    fold(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`, columns),
    section(
      'Arguments',
      parameters.map((one) => [one.name, fullMeaning(one)]),
      columns,
    ),
    section(
      'Commands',
      commands.map((one) => [one.name, one.summary]),
      columns,
    ),
    ...groups.map((group) =>
      section(group, flagRows(shown.filter((flag) => (flag.group ?? 'Options') === group)), columns),
    ),
    exampleLines(spec, columns),
    footer(spec, all, columns),
  ];
  const lines = parts.filter(({ length }) => length > 0).map((part) => part.join('\n'));
  return `${lines.join('\n\n')}\n`;
}

/** The first line or two: how the command is typed. */
function usageLines({ name, parameters = [], flags = [] }: CommandSpec): string[] {
  const words = ['ais_bench', name, ...parameters.map((one) => one.name), flags.length > 0 ? '[flags]' : ''];
  const own = `Usage: ${words.filter((word) => word !== '').join(' ')}`;
  return name === '' ? [own, '       ais_bench <command> [flags]'] : [own];
}

/** Whether a command is listed in `ais_bench --help`. */
function isListed({ name, hidden }: CommandSpec): boolean {
  return name !== '' && !name.includes(' ') && hidden !== true;
}

/** The meaning of a flag or argument with its choices, example and default. */
export function fullMeaning({
  meaning,
  choices,
  example,
  fallback,
  otherwise,
  env,
}: Omit<Flag, 'flags'>): string {
  const without = otherwise ?? (isShown(fallback) ? String(fallback) : undefined);
  return [
    meaning,
    choices === undefined ? '' : `: ${choices.join(', ')}`,
    example === undefined ? '' : `, e.g. ${example}`,
    without === undefined ? '' : ` (default: ${without})`,
    env === undefined ? '' : ` (env: ${env})`,
  ].join('');
}

function isShown(fallback: unknown): boolean {
  return fallback !== undefined && !(Array.isArray(fallback) && fallback.length === 0);
}

/** The flags of a group by their names; long names are aligned where some flags have a short one. */
function flagRows(flags: readonly Flag[]): [string, string][] {
  const shift = flags.some((flag) => !flag.flags.startsWith('--')) ? '    ' : '';
  return flags.map((flag) => [`${flag.flags.startsWith('--') ? shift : ''}${flag.flags}`, fullMeaning(flag)]);
}

function section(title: string, rows: readonly (readonly [string, string])[], width: number): string[] {
  if (rows.length === 0) return [];
  const longest = Math.max(
    ...rows.map(([name]) => name.length).filter((length) => length <= LONGEST_NAME),
    0,
  );
  const indent = ' '.repeat(longest + 4);
  const lines = rows.flatMap(([name, meaning]) => {
    const wrapped = fold(meaning, width - indent.length);
    if (name.length > longest) return [`  ${name}`, ...wrapped.map((line) => indent + line)];
    return wrapped.map((line, n) => (n === 0 ? `  ${name.padEnd(longest)}  ${line}` : indent + line));
  });
  return [`${title}:`, ...lines];
}

function exampleLines({ examples = [] }: CommandSpec, width: number): string[] {
  if (examples.length === 0) return [];
  return [
    'Examples:',
    ...examples.flatMap(([purpose, command]) => [
      ...fold(`# ${purpose}`, width - 2).map((line) => `  ${line}`),
      ...folded(command, width - 2).map((line) => `  ${line}`),
    ]),
  ];
}

/** Lines of at most `width` columns, broken at spaces only. */
function fold(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last === '' || last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`.trimStart();
    else lines.push(word);
  }
  return lines;
}

/** A command on several lines that a shell reads as one, broken before a flag. */
function folded(command: string, width: number): string[] {
  const lines: string[] = [];
  for (const part of command.split(/ (?=--)/)) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${part} \\`.length <= width)
      lines[lines.length - 1] = `${last} ${part}`;
    else lines.push(last === undefined ? part : `    ${part}`);
  }
  return lines.map((line, n) => (n < lines.length - 1 ? `${line} \\` : line));
}

function footer({ name, flags = [], runFlags = [] }: CommandSpec, all: boolean, width: number): string[] {
  const command = name === '' ? 'ais_bench' : `ais_bench ${name}`;
  const more = runFlags.length > 0 ? 'flags of a run that it takes too' : 'flags accepted for compatibility';
  const hasMore = !all && (runFlags.length > 0 || flags.some(({ group }) => group === 'Compatibility'));
  return [
    ...(name === ''
      ? fold('ais_bench <command> --help shows the flags and examples of a command.', width)
      : []),
    ...(hasMore ? fold(`${command} --help-all also shows the ${more}.`, width) : []),
  ];
}
