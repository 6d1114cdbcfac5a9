/** What helps where a point was no measurement of the service. */
import { type Finding, finding } from '../contract/finding.ts';
import { VALIDITY_RULES, type Validity } from '../metrics/validity.ts';

export interface Sender {
  /** Cores of this machine. */
  readonly cores: number;
  /** Remote workers sent, not this machine. */
  readonly isRemote: boolean;
  /** Requests that left late because no more were allowed in flight. */
  readonly heldBack: number;
  /** Requests that may be in flight. */
  readonly askedConcurrency: number;
  readonly requests: number;
  readonly failed: number;
}

/** Finds what would help where a point was no measurement: its cure says it. Undefined of a verdict that spoils no search. */
export function pointCure({ verdict, client }: Validity, sender: Sender): Finding | undefined {
  const { requests, failed, heldBack, askedConcurrency } = sender;
  if (verdict !== 'CLIENT-LIMITED' && verdict !== 'LOAD NOT DELIVERED') return undefined;
  if (failed === requests) return finding('MEND-FAILURES', {});
  if (verdict === 'LOAD NOT DELIVERED' && heldBack > 0)
    return finding('MORE-IN-FLIGHT', { slots: askedConcurrency });
  const { memory, descriptors } = VALIDITY_RULES;
  if (client.some(({ memoryShare = 0 }) => memoryShare > memory.limit)) return finding('MORE-MEMORY', {});
  if (client.some(({ descriptorShare = 0 }) => descriptorShare > descriptors.limit))
    return finding('MORE-DESCRIPTORS', {});
  if (sender.isRemote) return finding('MORE-WORKERS', {});
  // What costs least comes first: processes, cores, machines.
  const processes = Math.min(2 * Math.max(1, client.length), sender.cores - 1);
  return finding('MORE-ROOM', { processes: processes > client.length ? processes : undefined });
}
