import type { CallRef, Failure, FailureKind } from '../contract/record.ts';

/** Failures with one cause: same kind, same status, messages that differ only in numbers and ids. */
export interface FailureGroup {
  readonly kind: FailureKind;
  readonly status?: number;
  /** The message of the first of them. */
  readonly message: string;
  readonly bodyExcerpt?: string;
  readonly count: number;
  /** The request of the first of them. */
  readonly example: CallRef;
}

/** A server that writes random text into its errors must not fill our memory with groups. */
const MOST_GROUPS = 200;
const KEY_LENGTH = 300;

/** Counts failures by cause. */
export class FailureGroups {
  readonly #groups = new Map<string, FailureGroup>();
  #total = 0;

  add(failure: Failure, call: CallRef): void {
    this.#total++;
    const own = `${failure.kind} ${failure.status ?? ''} ${causeOf(failure.message)}`;
    const full = this.#groups.size >= MOST_GROUPS && !this.#groups.has(own);
    const key = full ? failure.kind : own;
    const known = this.#groups.get(key);
    if (known !== undefined) this.#groups.set(key, { ...known, count: known.count + 1 });
    else this.#groups.set(key, full ? otherGroup(failure, call) : newGroup(failure, call));
  }

  get total(): number {
    return this.#total;
  }

  count(kind: FailureKind): number {
    return this.groups().reduce((sum, group) => sum + (group.kind === kind ? group.count : 0), 0);
  }

  /** Most frequent first. */
  groups(): FailureGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }
}

/** The message with everything replaced that varies from request to request: numbers, addresses, ports, ids, hex. */
export function causeOf(message: string): string {
  return message
    .slice(0, 4 * KEY_LENGTH)
    .replace(/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '#')
    .replace(/\b0x[0-9a-f]+\b/gi, '#')
    .replace(/\b(?=[a-z_]*\d)[0-9a-z_]{8,}\b/gi, '#')
    .replace(/\d+(?:[.:]\d+)*/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, KEY_LENGTH);
}

function newGroup(failure: Failure, call: CallRef): FailureGroup {
  const { kind, status, message, bodyExcerpt } = failure;
  return {
    kind,
    ...(status !== undefined && { status }),
    message,
    ...(bodyExcerpt !== undefined && { bodyExcerpt }),
    count: 1,
    example: call,
  };
}

function otherGroup(failure: Failure, call: CallRef): FailureGroup {
  return {
    kind: failure.kind,
    message: `other messages, beyond the first ${MOST_GROUPS}`,
    count: 1,
    example: call,
  };
}
