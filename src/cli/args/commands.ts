/** The commands, as data: parser, `--help`, `docs/cli.md` and the hints on unknown words come from here. */
import { MODEL_OVERRIDES } from '../../config/flags.ts';
import rows from './commands.json' with { type: 'json' };
import { attributeName, type CommandParameter, type CommandSpec, type Flag, longName } from './flag.ts';
import { type FlagRow, readChoices, readFlag } from './readers.ts';
import { RUN_FLAGS, runFlagsWithout } from './run-flags.ts';

/** A command as the table holds it. */
interface CommandRow extends Omit<CommandSpec, 'parameters' | 'flags' | 'runFlags'> {
  readonly parameters?: readonly (Omit<CommandParameter, 'choices'> & Pick<FlagRow, 'choices'>)[];
  /** `run`: those of a run; `model`: those that change a model; a text: a run's flag by its name, or another command's: `demo --seed`. */
  readonly flags?: 'run' | 'model' | readonly (FlagRow | string)[];
  /** It takes the flags of a run but for these: it sets them itself. */
  readonly runFlagsWithout?: readonly string[];
}

const ROWS = rows as unknown as readonly CommandRow[];

/** Flags that change a model in a run change it in a check. */
const OF_A_MODEL = new Set([...Object.keys(MODEL_OVERRIDES), 'header', 'set', 'configDir', 'plugin']);
const MODEL_FLAGS = RUN_FLAGS.filter((flag) => OF_A_MODEL.has(attributeName(flag)));

export const COMMANDS: readonly CommandSpec[] = ROWS.map(
  ({ parameters, flags, runFlagsWithout: without, ...row }) => ({
    ...row,
    ...(parameters && {
      parameters: parameters.map(({ choices, ...own }) => ({
        ...own,
        ...(choices && { choices: readChoices(choices) }),
      })),
    }),
    ...(flags === 'run' && { flags: RUN_FLAGS }),
    ...(flags === 'model' && {
      flags: MODEL_FLAGS.filter(({ group }) => group !== 'Load'),
      runFlags: MODEL_FLAGS.filter(({ group }) => group === 'Load'),
    }),
    ...(typeof flags === 'object' && { flags: flags.map(commandFlag) }),
    ...(without && { runFlags: runFlagsWithout(without) }),
  }),
);

function commandFlag(row: FlagRow | string): Flag {
  if (typeof row === 'object') return readFlag(row);
  const [name, command] = row.split(' ').reverse() as [string, string?];
  if (command !== undefined) {
    const { flags } = ROWS.find((one) => one.name === command)!;
    const own = (flags as readonly (FlagRow | string)[]).filter((flag) => typeof flag === 'object');
    return readFlag(own.find((flag) => longName(flag) === name)!);
  }
  const { group: _group, ...flag } = RUN_FLAGS.find((one) => longName(one) === name)!;
  return flag;
}
