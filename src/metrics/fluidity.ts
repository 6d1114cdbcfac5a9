import type { EventLog } from '../contract/record.ts';
import { IS_PAYLOAD } from './event-tokens.ts';

/** Milliseconds: the first token is due so long after the schedule, every further one so long after the one before. */
export interface Deadlines {
  /** Absent: the first token is never late, and the deadlines begin with it. */
  readonly first?: number;
  readonly next: number;
}

/**
 * Share (0..1) of token deadlines that were met. Tokens that come early leave slack to later ones. When a token is late, every
 * deadline that passed while nothing came is missed, and the deadlines begin anew from its arrival. `tokens`: tokens an
 * event; undefined when there are none. After the fluidity index of arXiv 2407.07000.
 */
export function fluidityOf(
  events: EventLog,
  tokens: Uint32Array,
  scheduled: number,
  { first, next }: Deadlines,
): number | undefined {
  let met = 0;
  let missed = 0;
  let due = first === undefined ? Number.POSITIVE_INFINITY : scheduled + first;
  for (let i = 0; i < events.kind.length; i++) {
    if (IS_PAYLOAD[events.kind[i]!] === 0) continue;
    const at = events.at[i]!;
    const brought = tokens[i]!;
    if (brought === 0) continue;
    if (at > due) {
      missed += Math.ceil((at - due) / next);
      due = at;
    } else {
      met++;
      if (due === Number.POSITIVE_INFINITY) due = at;
    }
    // The others of the same event are in time whenever the first is, or begins the deadlines anew.
    met += brought - 1;
    due += brought * next;
  }
  return met + missed === 0 ? undefined : met / (met + missed);
}
