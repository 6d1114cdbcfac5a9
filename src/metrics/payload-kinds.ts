import { EVENT_KINDS, isPayload } from '../contract/record.ts';

/** 1 for kinds of `EVENT_KINDS` that brought payload: a look-up for loops over millions of events. */
export const IS_PAYLOAD = Uint8Array.from(EVENT_KINDS, (_, kind) => Number(isPayload(kind)));

/** 1 for kinds that brought a part of the answer itself: text or tool calls, not reasoning. */
export const IS_ANSWER = Uint8Array.from(EVENT_KINDS, (kind) =>
  Number(kind === 'content' || kind === 'tool-call'),
);

/** The event of a run that another tool made and that does not say what it brought. */
export const UNKNOWN_EVENT = EVENT_KINDS.indexOf('unknown');
