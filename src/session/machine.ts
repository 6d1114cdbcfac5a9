/** This machine, as the checks before a run and the self-test see it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { memoryLimit } from '../sending/health.ts';
import { type MachineLimits, readDescriptorLimits, readPortRange } from '../sending/machine-limits.ts';

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
