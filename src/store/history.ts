/** What a run keeps of how and when it was started, for people and for exports; nothing of it decides an answer. */

import type { RunFolder } from './run-folder.ts';
import { readJsonIfThere } from './served.ts';

export const COMMANDS = 'commands.json';
export const CLOCK = 'clock.json';

type Folder = Pick<RunFolder, 'file' | 'write'>;

/** One command that worked in the folder. */
interface Started {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly command: string;
}

/** Adds a command to those of the run. */
export function keepCommand(folder: Folder, command: string, at: Date): void {
  append(folder, COMMANDS, { at: at.toISOString(), command } satisfies Started);
}

/** The command that began the run; undefined where an older version made it. Throws RUN-DATA-001 for a broken file. */
export function firstCommand(folder: Pick<RunFolder, 'file'>): string | undefined {
  return (listIn(folder, COMMANDS) as Started[])[0]?.command;
}

/** From so many milliseconds on the run's clock on, a session's clock goes with the calendar's. */
interface ClockSetting {
  readonly fromMs: number;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** Keeps what instant a time on the run's clock was: one entry a session. */
export function keepClock(folder: Folder, fromMs: number, at: Date): void {
  append(folder, CLOCK, { fromMs, at: at.toISOString() } satisfies ClockSetting);
}

/**
 * Makes instants, to the millisecond, of times on the run's clock; undefined where the run did not keep them. Throws
 * RUN-DATA-001 for a broken file.
 */
export function calendarOf(folder: Pick<RunFolder, 'file'>): (milliseconds: number) => Date | undefined {
  const settings = (listIn(folder, CLOCK) as ClockSetting[]).map(({ fromMs, at }) => ({
    fromMs,
    at: Date.parse(at),
  }));
  return (milliseconds) => {
    const own = settings.findLast(({ fromMs }) => fromMs <= milliseconds);
    return own && new Date(own.at + Math.round(milliseconds - own.fromMs));
  };
}

function append(folder: Folder, file: string, entry: unknown): void {
  const entries = [...listIn(folder, file), entry];
  folder.write(folder.file('configs', file), `${JSON.stringify(entries, null, 2)}\n`);
}

function listIn(folder: Pick<RunFolder, 'file'>, file: string): unknown[] {
  const found = readJsonIfThere(folder.file('configs', file));
  return Array.isArray(found) ? found : [];
}

/** The command as a person can paste it into a POSIX shell again, on one line. */
export function commandLine(args: readonly string[]): string {
  return ['ais_bench', ...args.map(quoted)].join(' ');
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (!/[\x00-\x1f\x7f]/.test(word)) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = word.replace(/[\\']/g, '\\$&').replace(/[\x00-\x1f\x7f]/g, (sign) => {
    return `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
  return `$'${escaped}'`;
}
