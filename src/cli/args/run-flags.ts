/** Flags of a run: what is evaluated, under which load, how it is reported. */
import { attributeName, type Flag, type FlagGroup, longName } from './flag.ts';
import { type FlagRow, readFlag } from './readers.ts';
import rows from './run-flags.json' with { type: 'json' };

const GROUPED = Object.entries(rows as unknown as Readonly<Record<FlagGroup, readonly FlagRow[]>>);

export const RUN_FLAGS: readonly Flag[] = GROUPED.flatMap(([group, flags]) =>
  flags.map((row) => ({ ...readFlag(row), group: group as FlagGroup })),
);

/** Returns the flags of a run without some, by their long names. */
export function runFlagsWithout(names: readonly string[]): readonly Flag[] {
  return RUN_FLAGS.filter((flag) => !names.includes(longName(flag)));
}

/** Returns a warning for each given flag that changes nothing. */
export function noticesOn(flags: object): string[] {
  return RUN_FLAGS.flatMap((flag) => {
    const given = (flags as Readonly<Record<string, unknown>>)[attributeName(flag)];
    return given !== undefined && given !== false && flag.notice !== undefined ? [flag.notice] : [];
  });
}
