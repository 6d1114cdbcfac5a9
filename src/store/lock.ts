import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { defined } from '../basics/defined.ts';
import { AisBenchError } from '../contract/errors.ts';
import { unwritable } from './append.ts';

const PREFIX = 'run.lock.';

/** Who works in a folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in clock ticks of its system: tells it from a later one of the same number. */
  readonly ticks?: string;
  /** Whose clock these ticks are of: in another time namespace the same process has others. */
  readonly clock?: string;
  /** For a person to read. */
  readonly since: string;
}

/**
 * Keeps every other run out of a folder until it is released, or this process ends. Each run lays down a lock of its own and
 * then looks round, so of two that begin at once at least one sees the other; locks of the dead are taken away. Throws
 * RUN-LOCK-001. Returns how to release it.
 */
export function lockFolder(folder: string, now: Date): () => void {
  const name = `${PREFIX}${process.pid}.${randomBytes(4).toString('hex')}`;
  const own = join(folder, name);
  const release = () => {
    process.off('exit', release);
    try {
      rmSync(own, { force: true });
    } catch {
      // The folder may not be writable any more: the next run removes the lock of a dead process.
    }
  };
  layDown(folder, name, now);
  process.on('exit', release);
  try {
    for (const other of locksIn(folder)) if (other !== name) requireDead(join(folder, other));
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/** Writes beside the file and renames, so that no reader sees half of it. */
function layDown(folder: string, name: string, now: Date): void {
  const ticks = statOf(process.pid)?.ticks;
  const clock = clockOfTicks();
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    ...defined({ ticks, clock }),
    since: now.toISOString(),
  };
  const part = join(folder, `.${name}`);
  try {
    writeFileSync(part, `${JSON.stringify(holder)}\n`, { flag: 'wx' });
    renameSync(part, join(folder, name));
  } catch (cause) {
    throw unwritable(folder, cause);
  }
}

function locksIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith(PREFIX));
}

function requireDead(path: string): void {
  const holder = readHolder(path);
  if (holder === undefined) return; // Released meanwhile.
  if (isDead(holder)) {
    rmSync(path, { force: true });
    return;
  }
  throw new AisBenchError('RUN-LOCK-001', `another run works in this folder: ${describe(holder)}`, {
    where: path,
    cure: 'wait until it has ended; if you know that it has, delete this file',
  });
}

function readHolder(path: string): Partial<Holder> | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Partial<Holder>;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : {};
  }
}

function describe({ pid, host, since }: Partial<Holder>): string {
  return pid === undefined ? 'its lock is not readable' : `process ${pid} on ${host} since ${since}`;
}

/** Of another host nothing is known, so its processes live. */
function isDead({ pid, host, ticks, clock = clockOfTicks() }: Partial<Holder>): boolean {
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = statOf(pid);
  if (now === undefined) return false;
  const comparable = ticks !== undefined && clock === clockOfTicks();
  return HAS_ENDED.has(now.state) || (comparable && now.ticks !== ticks);
}

/** Letters of processes that have ended and whose exit code is not fetched yet. */
const HAS_ENDED = new Set(['Z', 'X']);

/** The time namespace of this process, where there are such. */
function clockOfTicks(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/time');
  } catch {
    return undefined;
  }
}

/** Fields 3 and 22 of Linux's `stat`; the second is a name in parentheses that may hold anything. */
function statOf(pid: number): { state: string; ticks: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0]!, ticks: fields[19]! };
  } catch {
    return undefined;
  }
}
