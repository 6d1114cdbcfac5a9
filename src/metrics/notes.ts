import { plural } from '../basics/plural.ts';
import type { Summary } from './types.ts';

/** What a reader must know before believing the numbers; facts that the tables do not show. */
export interface NoteFacts {
  readonly summary: Omit<Summary, 'notes'>;
  readonly concurrency: number;
  readonly total: number;
  readonly sent: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Requests of the plan, when known. */
  readonly planned: number | undefined;
  readonly interrupted: boolean;
  /** Every streamed answer came at one instant, though some had more than one token. */
  readonly buffered: boolean;
  /** Answers that the service broke off, by finish reason. */
  readonly earlyEnds: readonly (readonly [finishReason: string, count: number])[];
  /** Share of the prompt tokens that the prefix cache served, by the service's own metrics. */
  readonly servedFromCache: number | undefined;
  /** Streamed answers with text, and 0 tokens by the server's count. */
  readonly countedAsNothing: number;
  /** Requests of a load test that repeat one before them. */
  readonly askedAgain: number;
  /** Milliseconds from the last success to the end of the run. */
  readonly failureTail: number;
}

/** Sentences for a person, most serious first. The list is in `docs/metrics.md`. */
export function notesOf(facts: NoteFacts): string[] {
  return [
    ...importedNotes(facts),
    ...partialNotes(facts),
    ...failureNotes(facts),
    ...earlyEndNotes(facts),
    ...conversationNotes(facts.summary),
    ...streamNotes(facts),
    ...tokenNotes(facts),
    ...cacheNotes(facts),
    ...lengthNotes(facts.summary),
  ];
}

/** Requests of ours have all a schedule. */
function* importedNotes({ sent, summary: { load } }: NoteFacts): Iterable<string> {
  if (sent === 0 || load.lag !== undefined) return;
  yield 'imported run: its tool did not keep when requests were due, when heads of replies came, what events brought, when bodies ended (the last event stands for it), nor retries';
}

function* partialNotes({ interrupted, cancelled, planned, total, sent }: NoteFacts): Iterable<string> {
  const unsent = planned === undefined ? total - sent : Math.max(0, planned - sent);
  if (interrupted || cancelled > 0) {
    yield `partial run: stopped before its end, ${plural(cancelled, 'request')} cancelled`;
  }
  if (unsent > 0)
    yield `${unsent} of ${plural(planned ?? total, 'request')} ${unsent === 1 ? 'was' : 'were'} not sent`;
}

function* failureNotes({ failed, cancelled, total, failureTail, summary }: NoteFacts): Iterable<string> {
  const real = failed - cancelled;
  if (real * 100 > total) {
    const worst = summary.failures.find((group) => group.kind !== 'cancelled');
    const most = worst === undefined ? '' : `, most often ${worst.kind} (${worst.count})`;
    yield `${real} of ${plural(total, 'request')} failed (${percent(real / total)})${most}`;
  }
  const duration = summary.common.find(({ name }) => name === 'Benchmark Duration')?.value ?? 0;
  if (failureTail > 0.05 * duration) {
    yield `failed requests prolonged the run by ${seconds(failureTail)}; throughputs count that time`;
  }
  const { count } = summary.retried;
  if (count > 0) yield `${plural(count, 'request')} needed a retry; their latencies are reported apart`;
}

function* earlyEndNotes({ earlyEnds }: NoteFacts): Iterable<string> {
  for (const [finishReason, count] of earlyEnds)
    yield `${plural(count, 'answer')} broken off by the service (finish reason ${finishReason}); they count as answered`;
}

function* conversationNotes({ conversations }: Omit<Summary, 'notes'>): Iterable<string> {
  const { total = 0, brokenOff = 0 } = conversations?.counts ?? {};
  if (brokenOff > 0) yield `${brokenOff} of ${plural(total, 'conversation')} broke off at a failed turn`;
}

function* streamNotes({ buffered, summary: { load } }: NoteFacts): Iterable<string> {
  if (buffered) {
    yield 'server or proxy buffered the stream: every answer came at one instant, so TTFT is the time of the whole answer';
    return;
  }
  const share = load.sharedReadShare ?? 0;
  if (share > 0.5) {
    yield `${percent(share)} of the events shared a socket read with the one before: ITL shows bursts, not tokens`;
  }
}

function* tokenNotes({ summary: { tokens, common }, countedAsNothing }: NoteFacts): Iterable<string> {
  if (countedAsNothing > 0) {
    yield `${plural(countedAsNothing, 'answer')} with text and 0 output tokens, as the server counts: token throughputs are too low by what it left out`;
  }
  const successes = common.find(({ name }) => name === 'Success Requests')?.value ?? 0;
  for (const side of ['input', 'output'] as const) {
    const { unknown, total } = tokens[side];
    if (unknown > 0 && total !== undefined) {
      yield `${unknown} of ${plural(successes, 'answer')} ${unknown === 1 ? 'has' : 'have'} no ${side} token count; totals and throughputs leave them out`;
    }
  }
}

/** What notes of a warm cache begin with. */
const CACHE_ASSISTED = 'cache-assisted';
const PERHAPS_ASSISTED = 'perhaps cache-assisted';

/** Whether a note says that a prefix cache helped, or may have. */
export function isOfCache(note: string): boolean {
  return note.startsWith(CACHE_ASSISTED) || note.startsWith(PERHAPS_ASSISTED);
}

/** Up to this share of prompt tokens from the cache is what templates and system prompts share anyway. */
const UNREMARKABLE_CACHE = 0.01;

function* cacheNotes({
  summary: { tokens },
  servedFromCache,
  askedAgain,
  sent,
}: NoteFacts): Iterable<string> {
  const share = tokens.cached?.share ?? servedFromCache;
  if (share === undefined && askedAgain > 0) {
    yield `${PERHAPS_ASSISTED}: ${askedAgain} of ${plural(sent, 'request')} asked what this run had asked before, and the service does not say what its prefix cache knew`;
  }
  if (share === undefined || share <= UNREMARKABLE_CACHE) return;
  yield `${CACHE_ASSISTED}: ${percent(share)} of the input tokens came from the service's prefix cache; TTFT and PrefillTokenThroughput are those of a warm cache`;
}

/** Below this share of answers of the length that was asked for, the service did not heed it. */
const HEEDED = 0.98;

function* lengthNotes({ lengths }: Omit<Summary, 'notes'>): Iterable<string> {
  const { wanted = 0, exact = 0, meanAsked = 0, meanGot = 0, tooLong = 0 } = lengths ?? {};
  if (exact < HEEDED * wanted) {
    yield `${exact} of ${plural(wanted, 'answer')} (${percent(exact / wanted)}) have the length that was asked, ${Number(meanGot.toFixed(1))} tokens on average of ${Number(meanAsked.toFixed(1))}: the service does not heed ignore_eos or min_tokens as they are sent`;
  }
  if (tooLong > 0) {
    yield `${plural(tooLong, 'answer')} with more tokens than max_out_len allows: the service does not heed the limit, or counts otherwise`;
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
