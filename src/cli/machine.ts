/** This machine, as the checks before a run and the self-test see it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { memoryLimit } from '../run/health.ts';
import { type MachineLimits, readDescriptorLimits, readPortRange } from '../run/machine-limits.ts';

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

/** Empty where there is no such file. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
