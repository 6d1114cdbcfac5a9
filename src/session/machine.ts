import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import type { Plan } from '../config/plan.ts';
import { AisBenchError } from '../contract/errors.ts';
import { type Finding, finding } from '../contract/finding.ts';
import type { Ceiling } from '../sending/ceiling.ts';
import { memoryLimit } from '../sending/health.ts';
import { type MachineLimits, readDescriptorLimits, readPortRange } from '../sending/machine-limits.ts';
import { diskFindings, plannedDisk } from '../sending/planned-disk.ts';
import { plannedLoad } from '../sending/planned-load.ts';
import { preflight } from '../sending/preflight.ts';
import type { Task } from '../sending/prepare.ts';

/** This machine, as the checks before a run and the self-test see it. */

/** What the platform does not tell is absent; only Linux has the files. */
export function machineLimits(): MachineLimits {
  const descriptors = readDescriptorLimits(contentOf('/proc/self/limits'));
  const ports = readPortRange(contentOf('/proc/sys/net/ipv4/ip_local_port_range'));
  return {
    ...(descriptors === undefined ? {} : { descriptors }),
    ...(ports === undefined ? {} : { ports }),
    memory: memoryLimit(),
    cores: availableParallelism(),
  };
}

/** The same for the same machine, and no name of it: a hash of the system's own id, or of the host's name. */
export function machineId(): string {
  const id = contentOf('/etc/machine-id').trim() || hostname();
  return createHash('sha256').update(`ais_bench ${id}`).digest('hex').slice(0, 16);
}

/** Bytes that this user may still write at a path, or will once its folders are made; undefined where the system does not tell. */
export function freeBytes(path: string): number | undefined {
  try {
    let there = resolve(path);
    while (!existsSync(there)) there = dirname(there);
    const { bavail, bsize, blocks } = statfsSync(there);
    // Some file systems of the kernel, and of networks, count nothing.
    return blocks > 0 ? bavail * bsize : undefined;
  } catch {
    return undefined;
  }
}

/** Empty where there is no such file. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/**
 * Checks every load against this machine's limits and its self-test, and what all of them write against the disk; returns the warnings.
 * `isContinued`: an earlier session wrote part of it. Throws RUN-LIMIT-001 for a load that cannot be held.
 */
export function checkMachine(
  plan: Plan,
  tasks: readonly Task[],
  { ceiling, isContinued }: { readonly ceiling: Ceiling | undefined; readonly isContinued: boolean },
): Finding[] {
  const limits = machineLimits();
  const findings = tasks.flatMap((task) => {
    const load = plannedLoad(task, plan.load, limits.cores);
    return load === undefined ? [] : preflight(load, limits, ceiling);
  });
  const free = freeBytes(plan.workDir);
  if (free !== undefined) {
    const planned = tasks.flatMap(({ source }) => plannedDisk(source, plan.load) ?? []);
    findings.push(...diskFindings(planned, { folder: plan.workDir, free, continues: isContinued }));
  }
  const error = findings.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new AisBenchError('RUN-LIMIT-001', error.what, error);
  return findings.map(({ what, cure }) => finding('NEAR-LIMIT', { what, cure }));
}
