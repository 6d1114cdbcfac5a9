import type { Deadlines } from './deadlines.ts';
import type { Clock, Transport } from './types.ts';

/** What requests are sent with. */
export interface Wire {
  readonly transport: Transport;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  /** Aborts everything in flight. */
  readonly signal: AbortSignal;
  /** Whether a reply that the server finished without a word is the model's answer (to be scored), not a failure. */
  readonly silenceIsAnswer?: boolean;
}
