/** Builds the parser of the command line from the command table. */
import { Argument, Command, CommanderError, Option } from 'commander';
import { COMMANDS } from './commands.ts';
import { type CommandSpec, type Flag, longName } from './flag.ts';
import { helpText } from './help.ts';

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
