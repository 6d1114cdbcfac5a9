import { type Finding, finding } from '../contract/finding.ts';
import { commonValue } from './by-id.ts';
import type { StreamTally } from './payload.ts';
import type { Summary } from './types.ts';

/** Facts that the tables do not show, and that a reader must know before believing the numbers. */
export interface RunFacts {
  readonly summary: Omit<Summary, 'findings'>;
  readonly total: number;
  readonly sent: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Requests of the plan, when known. */
  readonly planned: number | undefined;
  readonly interrupted: boolean;
  /** Streamed answers, and those of them that came at one instant. */
  readonly streams: StreamTally;
  /** Answers that the service broke off, by finish reason. */
  readonly earlyEnds: readonly (readonly [finishReason: string, count: number])[];
  /** Share of the prompt tokens that the prefix cache served, by the service's own metrics. */
  readonly servedFromCache: number | undefined;
  /** Streamed answers with text, and 0 tokens by the server's count. */
  readonly countedAsNothing: number;
  /** Requests of a load test that repeat one before them. */
  readonly repeated: number;
  /** Milliseconds from the last success to the end of the run. */
  readonly failureTail: number;
}

/** What to know before believing the numbers, most serious first. The list is in `docs/metrics.md`. */
export function runFindings(facts: RunFacts): Finding[] {
  return [
    ...importedFindings(facts),
    ...partialFindings(facts),
    ...failureFindings(facts),
    ...facts.earlyEnds.map(([reason, count]) => finding('BROKEN-OFF', { count, reason })),
    ...conversationFindings(facts.summary),
    ...streamFindings(facts),
    ...tokenFindings(facts),
    ...cacheFindings(facts),
    ...lengthFindings(facts.summary),
  ];
}

/** Requests of ours have all a schedule. */
function* importedFindings({ sent, summary: { load } }: RunFacts): Iterable<Finding> {
  if (sent > 0 && load.lag === undefined) yield finding('IMPORTED-TIMES', {});
}

function* partialFindings({ interrupted, cancelled, planned, total, sent }: RunFacts): Iterable<Finding> {
  const unsent = planned === undefined ? total - sent : Math.max(0, planned - sent);
  if (interrupted || cancelled > 0) yield finding('STOPPED-EARLY', { cancelled });
  if (unsent > 0) yield finding('NOT-SENT', { unsent, planned: planned ?? total });
}

function* failureFindings({ failed, cancelled, total, failureTail, summary }: RunFacts): Iterable<Finding> {
  const real = failed - cancelled;
  if (real * 100 > total) {
    const worst = summary.failures.find(({ kind }) => kind !== 'cancelled');
    yield finding('REQUESTS-FAILED', {
      ...{ failed: real, total, share: real / total },
      ...{ worst: worst?.kind, count: worst?.count },
    });
  }
  if (failureTail > 0.05 * (commonValue(summary, 'duration') ?? 0))
    yield finding('FAILURE-TAIL', { span: failureTail });
  const { count } = summary.retried;
  if (count > 0) yield finding('RETRIED', { count });
}

function* conversationFindings({ conversations }: RunFacts['summary']): Iterable<Finding> {
  const { total = 0, brokenOff = 0 } = conversations?.counts ?? {};
  if (brokenOff > 0) yield finding('DIALOGUES-BROKEN', { broken: brokenOff, total });
}

/** A machine that reads late finds in one read what came apart. */
const AT_ONCE_FINDINGS = {
  'whole-event': 'ONE-EVENT-ANSWERS',
  'one-read': 'BUFFERED',
  late: 'READ-LATE',
} as const;

function* streamFindings({ streams, summary: { load, validity } }: RunFacts): Iterable<Finding> {
  const { atOnce, streamed, mostly } = streams;
  const share = load.sharedReadShare ?? 0;
  const isLate = mostly === 'one-read' && validity.verdict === 'CLIENT-LIMITED';
  if (mostly !== undefined) yield finding(AT_ONCE_FINDINGS[isLate ? 'late' : mostly], { atOnce, streamed });
  else if (atOnce > 0) yield finding('SOME-AT-ONCE', { atOnce, streamed });
  if (mostly === undefined && share > 0.5) yield finding('SHARED-READS', { share });
}

function* tokenFindings({ summary, countedAsNothing, streams }: RunFacts): Iterable<Finding> {
  if (countedAsNothing > 0) yield finding('ZERO-TOKENS', { answers: countedAsNothing });
  const answers = commonValue(summary, 'success_requests') ?? 0;
  for (const side of ['input', 'output'] as const) {
    const { unknown, total, unread } = summary.tokens[side];
    if (unread !== undefined) yield finding('UNREAD-COUNTS', { side, path: unread });
    if (unknown > 0 && total !== undefined) yield finding('NO-TOKEN-COUNT', { unknown, answers, side });
  }
  const { total, unread } = summary.tokens.output;
  const isOurs = summary.load.lag !== undefined;
  if (isOurs && streams.streamed > 0 && total === undefined && unread === undefined)
    yield finding('EVENTS-ARE-NO-TOKENS', {});
}

/** Up to this share of prompt tokens from the cache is what templates and system prompts share anyway. */
const UNREMARKABLE_CACHE = 0.01;

function* cacheFindings({
  summary: { tokens },
  servedFromCache,
  repeated,
  sent,
}: RunFacts): Iterable<Finding> {
  const share = tokens.cached?.share ?? servedFromCache;
  if (share === undefined && repeated > 0) yield finding('CACHE-POSSIBLE', { repeated, sent });
  if (share !== undefined && share > UNREMARKABLE_CACHE) yield finding('CACHE-ASSISTED', { share });
}

/** Below this share of answers of the requested length the service ignores it. */
const HEEDED = 0.98;

function* lengthFindings({ lengths }: RunFacts['summary']): Iterable<Finding> {
  const { wanted = 0, exact = 0, meanAsked = 0, meanGot = 0, tooLong = 0 } = lengths ?? {};
  if (exact < HEEDED * wanted) {
    const means = { mean: meanGot, target: meanAsked };
    yield finding('LENGTH-IGNORED', { exact, answers: wanted, share: exact / wanted, ...means });
  }
  if (tooLong > 0) yield finding('TOO-LONG', { answers: tooLong });
}
