import { EVENT_KINDS, type EventLog, isPayload } from '../contract/record.ts';

/** How the tokens of single events are known. */
export type EventTokenSource = 'events' | 'spread' | 'unknown';

/**
 * The tokens that each event of one reply brought, into `into` (one entry an event, grown by the caller): what the server
 * said event by event; else the reply's count spread evenly, in whole tokens, over the events of which it said nothing.
 * The first event that says nothing gets its even share too. `unknown`: `into` then holds zeros.
 */
export function tokensOfEvents(
  events: EventLog,
  outputTokens: number | undefined,
  into: Uint32Array,
): EventTokenSource {
  let silent = 0;
  let told = 0;
  for (let i = 0; i < events.kind.length; i++) {
    into[i] = 0;
    if (IS_PAYLOAD[events.kind[i]!] === 0) continue;
    into[i] = events.tokens[i]!;
    if (into[i] === 0) silent++;
    else told += into[i]!;
  }
  if (silent === 0) return told > 0 ? 'events' : 'unknown';
  if (outputTokens === undefined) {
    into.fill(0, 0, events.kind.length);
    return 'unknown';
  }
  spread(events, Math.max(0, outputTokens - told), silent, into);
  return 'spread';
}

/** Whole tokens whose running sum follows the even line: 10 over 4 events are 3, 2, 3, 2. */
function spread(events: EventLog, tokens: number, silent: number, into: Uint32Array): void {
  let seen = 0;
  let given = 0;
  for (let i = 0; i < events.kind.length; i++) {
    if (IS_PAYLOAD[events.kind[i]!] === 0 || events.tokens[i]! > 0) continue;
    seen++;
    const due = Math.ceil((tokens * seen) / silent);
    into[i] = due - given;
    given = due;
  }
}

/** Room for the events of any reply; one for a whole run. */
export class TokenScratch {
  #room = new Uint32Array(256);

  for(events: EventLog): Uint32Array {
    if (this.#room.length < events.kind.length) this.#room = new Uint32Array(2 * events.kind.length);
    return this.#room;
  }
}

/** 1 for kinds of `EVENT_KINDS` that brought payload: a look-up for loops over millions of events. */
export const IS_PAYLOAD = Uint8Array.from(EVENT_KINDS, (_, kind) => Number(isPayload(kind)));

/** 1 for kinds that brought a part of the answer itself: text or tool calls, not reasoning. */
export const IS_ANSWER = Uint8Array.from(EVENT_KINDS, (kind) =>
  Number(kind === 'content' || kind === 'tool-call'),
);

/** The event of a run that another tool made and that does not say what it brought. */
export const UNKNOWN_EVENT = EVENT_KINDS.indexOf('unknown');
