/** Where the results of self-tests are kept, for the runs that follow. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { toolVersion } from '../basics/version.ts';
import type { Ceiling } from '../sending/ceiling.ts';
import { machineId } from '../session/machine.ts';
import { unwritable } from '../store/append.ts';

const reached = z.object({ perSecond: z.number().positive(), cpu: z.number(), isAtLeast: z.boolean() });
const ceilingSchema = z.object({
  measuredAt: z.iso.datetime(),
  node: z.string(),
  tool: z.string(),
  cores: z.number(),
  requests: reached,
  events: reached,
  eventsOneByOne: z.number().positive(),
  streams: z.object({
    perProcess: z.number().optional(),
    perDestination: z.number().optional(),
    perMachine: z.number().optional(),
    bytesEach: z.number().optional(),
  }),
  stamps: z.object({
    median: z.number(),
    p99: z.number(),
    events: z.number(),
    streams: z.number(),
    eventsPerSecond: z.number(),
  }),
});

/** The file, in the user's cache folder (`XDG_CACHE_HOME`, as the standard has it: ignored where it is no absolute path). */
function selfTestFile(): string {
  const given = process.env['XDG_CACHE_HOME'] ?? '';
  return join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'ais_bench', 'selftest.json');
}

/** A home folder may serve several machines, and what is measured holds for one version of everything. */
function presentKey(): string {
  return [machineId(), `${availableParallelism()} cores`, process.version, toolVersion()].join(' ');
}

/** What was measured on this machine with these versions; undefined where nothing was, or the file is not as it should be. */
export function storedSelfTest(): Ceiling | undefined {
  const stored = ceilingSchema.safeParse(readAll()[presentKey()]);
  return stored.success ? (stored.data as Ceiling) : undefined;
}

/** Keeps a result beside those of other machines and versions. Throws RUN-FILE-001. */
export function storeSelfTest(ceiling: Ceiling): string {
  const path = selfTestFile();
  const text = JSON.stringify({ ...readAll(), [presentKey()]: ceiling }, null, 2);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, `${text}\n`);
    renameSync(`${path}.part`, path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
  return path;
}

/** A cache: what cannot be read is made anew. */
function readAll(): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(selfTestFile(), 'utf8')));
  } catch {
    return {};
  }
}
