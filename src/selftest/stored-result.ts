/** Results of self-tests, kept for the checks before a run. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { toolVersion } from '../basics/version.ts';
import type { Ceiling } from '../sending/machine-limits.ts';
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

/** Returns the result of this machine with these versions; undefined when none is kept, or the file is damaged. */
export function storedResult(cacheFolder: string): Ceiling | undefined {
  const stored = ceilingSchema.safeParse(readAll(cacheFolder)[presentKey()]);
  return stored.success ? (stored.data as Ceiling) : undefined;
}

/** Keeps a result beside those of other machines and versions; returns the path of the file. Throws RUN-FILE-001. */
export function storeResult(cacheFolder: string, ceiling: Ceiling): string {
  const path = resultFile(cacheFolder);
  const text = JSON.stringify({ ...readAll(cacheFolder), [presentKey()]: ceiling }, null, 2);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.part`, `${text}\n`);
    renameSync(`${path}.part`, path);
  } catch (cause) {
    throw unwritable(path, cause);
  }
  return path;
}

function resultFile(cacheFolder: string): string {
  return join(cacheFolder, 'ais_bench', 'selftest.json');
}

/** A home folder may serve several machines, and a result holds for one version of everything. */
function presentKey(): string {
  return [machineId(), `${availableParallelism()} cores`, process.version, toolVersion()].join(' ');
}

/** It is a cache: a damaged file is replaced. */
function readAll(cacheFolder: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(resultFile(cacheFolder), 'utf8')));
  } catch {
    return {};
  }
}
