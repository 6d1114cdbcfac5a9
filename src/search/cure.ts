/** What helps where a point was no measurement of the service. */
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

const GO_ON = 'the same command with --reuse keeps the points that are measured';

/** In the imperative. Undefined of a verdict that spoils no search. */
export function cureOf({ verdict, client }: Validity, sender: Sender): string | undefined {
  const { requests, failed, heldBack, askedConcurrency } = sender;
  if (verdict !== 'CLIENT-LIMITED' && verdict !== 'LOAD NOT DELIVERED') return undefined;
  if (failed === requests) return `mend what the requests failed of; ${GO_ON}`;
  if (verdict === 'LOAD NOT DELIVERED' && heldBack > 0)
    return `allow more requests in flight than ${askedConcurrency} (--batch-size), or end at a lower load (--to)`;
  const { memory, descriptors } = VALIDITY_RULES;
  if (client.some(({ memoryShare = 0 }) => memoryShare > memory.limit))
    return 'use a machine with more memory, or end at a lower load (--to)';
  if (client.some(({ descriptorShare = 0 }) => descriptorShare > descriptors.limit))
    return `allow more open files (ulimit -n); ${GO_ON}`;
  return moreRoom(sender, client.length);
}

/** Processes, cores, machines: what costs least first. */
function moreRoom({ cores, isRemote }: Sender, processes: number): string {
  if (isRemote) return 'let more workers send (--workers GROUP:N), on machines that do nothing else';
  const senders = Math.min(2 * Math.max(1, processes), cores - 1);
  return [
    ...(senders > processes ? [`send from more processes (--workers ${senders})`] : []),
    'end what else runs on this machine, or give service and client cores of their own (taskset)',
    'let other machines send (--workers GROUP:N), or end at a lower load (--to)',
  ].join('; or ');
}
