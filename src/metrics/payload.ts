import type { EventLog, OkRecord } from '../contract/record.ts';
import { IS_ANSWER, IS_PAYLOAD } from './event-tokens.ts';

/** First and last event that brought payload, and what lies between. */
export interface Payload {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Tokens of the first event; 1 when the server did not say. */
  readonly firstTokens: number;
  /** First event with a part of the answer itself; NaN when all was reasoning. */
  readonly firstAnswer: number;
  readonly largestGap: number;
}

/** Returns the payload of a stream; undefined where no event brought any. */
export function payloadOf(events: EventLog): Payload | undefined {
  let first = -1;
  let last = -1;
  let count = 0;
  let answer = Number.NaN;
  let largestGap = 0;
  for (let i = 0; i < events.kind.length; i++) {
    const kind = events.kind[i]!;
    if (IS_PAYLOAD[kind] === 0) continue;
    if (first < 0) first = i;
    else largestGap = Math.max(largestGap, events.at[i]! - events.at[last]!);
    if (IS_ANSWER[kind] === 1 && Number.isNaN(answer)) answer = events.at[i]!;
    last = i;
    count++;
  }
  if (count === 0) return undefined;
  return {
    count,
    first: events.at[first]!,
    last: events.at[last]!,
    firstTokens: events.tokens[first]! || 1,
    firstAnswer: answer,
    largestGap,
  };
}

/** How an answer of several tokens came at one instant: in one event, or as several events in one socket read. */
export type AtOnce = 'whole-event' | 'one-read';

/**
 * Tells a stream from an answer that came at one instant. When the first token of such an answer came is not known, unless it is
 * all that the answer has. Undefined: the answer came apart, or has one token.
 */
export function atOnce(record: OkRecord, { count, first, last }: Payload): AtOnce | undefined {
  if (first !== last || !hasSeveralTokens(record, count)) return undefined;
  return count === 1 ? 'whole-event' : 'one-read';
}

/** By the count of tokens; where only events were counted, by the events and by what the record says of the text. */
function hasSeveralTokens({ outputTokens, severalTokens }: OkRecord, payloadEvents: number): boolean {
  const isCounted = outputTokens !== undefined && outputTokens.source !== 'chunks' && outputTokens.value > 0;
  return isCounted ? outputTokens.value > 1 : payloadEvents > 1 || severalTokens === true;
}

/** Above this share of streamed answers that came at one instant, times to a first token say nothing of the service. */
const MOSTLY = 0.5;

/** Counts streamed answers, and those of them that came at one instant. */
export class StreamTally {
  readonly #atOnce: Record<AtOnce, number> = { 'whole-event': 0, 'one-read': 0 };
  #streamed = 0;

  add(came: AtOnce | undefined): void {
    this.#streamed++;
    if (came !== undefined) this.#atOnce[came]++;
  }

  get streamed(): number {
    return this.#streamed;
  }

  get atOnce(): number {
    return this.#atOnce['whole-event'] + this.#atOnce['one-read'];
  }

  /** How most of the streamed answers came at one instant; undefined where most came apart. */
  get mostly(): AtOnce | undefined {
    if (this.atOnce <= MOSTLY * this.#streamed) return undefined;
    return this.#atOnce['whole-event'] < this.#atOnce['one-read'] ? 'one-read' : 'whole-event';
  }
}
