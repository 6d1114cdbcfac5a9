/** Builds the parser of the command line from the command table. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { COMMANDS } from './commands.ts';
import { type CommandSpec, type Flag, GROUPS, longName } from './flag.ts';

/** Runs a command by its name in the table, with its arguments in order and its parsed flags. */
type RunCommand = (
  name: string,
  parameters: readonly unknown[],
  flags: Record<string, unknown>,
) => void | Promise<void>;

/** Returns the parser of every command; it throws CommanderError for words that it does not know, and after help. */
export function buildParser(
  runCommand: RunCommand,
  version: string,
  commands: readonly CommandSpec[] = COMMANDS,
): Command {
  const root = new Command('ais_bench').version(version, '-V, --version');
  for (const spec of commands) {
    const words = spec.name.split(' ');
    const own = words.pop()!;
    const parent = words.reduce((above, word) => findChild(above, word), root);
    const command = own === '' ? root : parent.command(own, { hidden: spec.hidden ?? false });
    setUp(command, spec);
    command.action((...given: unknown[]) => {
      const parameters = given.slice(0, -2);
      return runCommand(spec.name, parameters, given.at(-2) as Record<string, unknown>);
    });
    for (const former of spec.replaces ?? []) refuseFormer(parent, former, spec.name);
  }
  return root;
}

function findChild(parent: Command, name: string): Command {
  return parent.commands.find((command) => command.name() === name)!;
}

function setUp(command: Command, spec: CommandSpec): void {
  const flags = [...(spec.flags ?? []), ...(spec.runFlags ?? [])];
  const drawHelp = (all: boolean) => ({
    formatHelp: (_command: unknown, { helpWidth = 80 }: { helpWidth?: number | undefined }) =>
      helpText(spec, { width: helpWidth, all }),
  });
  command
    // `serve --api-key` and `demo --work-dir` belong to these commands, not to a run.
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .helpOption('-h, --help')
    .configureHelp(drawHelp(false))
    .configureOutput({ outputError: (text, write) => write(withHint(text, spec, flags)) });
  for (const { name, meaning, choices } of spec.parameters ?? []) {
    const argument = new Argument(name, meaning);
    command.addArgument(choices === undefined ? argument : argument.choices(choices));
  }
  for (const flag of flags) command.addOption(toOption(flag));
  command.addOption(new Option('--help-all').hideHelp()).on('option:help-all', () => {
    command.configureHelp(drawHelp(true)).outputHelp();
    throw new CommanderError(0, 'commander.helpDisplayed', '(outputHelp)');
  });
}

/** Returns the flag as commander takes it. */
function toOption(flag: Flag): Option {
  const option = new Option(flag.flags, flag.meaning);
  if (flag.fallback !== undefined) option.default(flag.fallback);
  if (flag.choices !== undefined) option.choices(flag.choices);
  if (flag.env !== undefined) option.env(flag.env);
  const { parse = (text: string) => text, repeatable } = flag;
  if (repeatable) option.argParser((text: string, before: unknown[] = []) => [...before, parse(text)]);
  else if (flag.parse !== undefined) option.argParser(parse);
  return option;
}

/** Makes a former command name an error that gives the present one, whatever follows it. */
function refuseFormer(parent: Command, former: string, present: string): void {
  const refused = parent.command(former, { hidden: true }).exitOverride().helpOption(false);
  refused.allowUnknownOption().allowExcessArguments();
  refused.action(() => refused.error(`error: the command '${former}' is now 'ais_bench ${present}'`));
}

/** Adds to commander's error the present name of a flag that has another one elsewhere, or the usage. */
function withHint(text: string, spec: CommandSpec, flags: readonly Flag[]): string {
  const unknown = /unknown option '(--[\w-]+)/.exec(text)?.[1];
  const present = flags.find(({ replaces }) => unknown !== undefined && replaces?.includes(unknown));
  if (present !== undefined) return `error: unknown option '${unknown}': use ${longName(present)} instead\n`;
  const isMissing = text.startsWith("error: missing required argument '");
  return isMissing ? `${text}${helpText(spec, { width: 80, usageOnly: true })}` : text;
}

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
