/** What a record says of an answer's tokens: the server's counts, events in their place, and what is known without either. */
import { defined } from '../basics/defined.ts';
import type { RequestOutput } from '../contract/output.ts';
import { isTokenCount, type OkRecord, type TokenCount } from '../contract/record.ts';
import { payloadOf } from '../metrics/payload.ts';
import type { Attempt } from '../transport/call-service.ts';
import type { CountPlaces } from './count-watch.ts';

interface CountedReply {
  readonly streamed: boolean;
  /** An event may stand for a token. */
  readonly chunksAreTokens: boolean;
  /** Where the service's replies hold counts. */
  readonly places: CountPlaces;
}

/** Returns the counts of one answer. */
export function tokenCounts(
  { output, events }: Attempt,
  { streamed, chunksAreTokens, places }: CountedReply,
): Pick<OkRecord, 'inputTokens' | 'outputTokens' | 'severalTokens' | 'unreadCounts'> {
  const inputTokens = serverCount(output.inputTokens);
  const served = serverCount(output.outputTokens);
  const unread = defined({
    input: inputTokens === undefined ? places.input : undefined,
    output: served === undefined ? places.output : undefined,
  });
  const isUnread = Object.keys(unread).length > 0;
  const known = { ...defined({ inputTokens }), ...(isUnread ? { unreadCounts: unread } : {}) };
  if (!streamed || (served?.value ?? 0) > 0) return { ...known, ...defined({ outputTokens: served }) };
  const payload = payloadOf(events);
  const chunks: TokenCount = { value: payload?.count ?? 0, source: 'chunks' };
  const cameAtOnce = payload !== undefined && payload.first === payload.last;
  const isSeveral = cameAtOnce && isLongerThanToken(output);
  // One event with several tokens shows that events are no tokens here, whatever the class says.
  const counts = chunksAreTokens && !(isSeveral && chunks.value === 1);
  const outputTokens = served ?? (counts ? chunks : undefined);
  return { ...known, ...defined({ outputTokens }), ...(isSeveral ? { severalTokens: true } : {}) };
}

function serverCount(value: number | undefined): TokenCount | undefined {
  return isTokenCount(value) ? { value, source: 'server' } : undefined;
}

/** Bytes of the longest words that common vocabularies have as one token. */
const LONGEST_TOKEN = 24;

/** Whether an answer is surely more than one token: several words, or a longer one than vocabularies have. */
export function isLongerThanToken({ reasoningContent, content, toolCalls }: RequestOutput): boolean {
  const text = reasoningContent + content + toolCalls.map((call) => call.arguments).join('');
  return /\S\s+\S/.test(text) || Buffer.byteLength(text) > LONGEST_TOKEN;
}
