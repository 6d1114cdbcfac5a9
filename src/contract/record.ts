/**
 * The spine. A run is a list of records; every number and every page is computed from that list, now or a year later.
 * Records hold no texts: prompts and answers are `Transcript`s, in a side file, so that metrics never load them.
 */

/** One letter an event kind on disk; in memory the index into this list. */
export const EVENT_KINDS = [
  'role',
  'content',
  'reasoning',
  'tool-call',
  'finish',
  'usage',
  'error',
  'other',
  // Another tool's record of an event, which does not say what it brought.
  'unknown',
] as const;
/** What an event of a stream brought. */
export type EventKind = (typeof EVENT_KINDS)[number];

/** Kinds that brought generated payload: what TTFT, ITL, TPOT and E2EL look at. */
export const PAYLOAD_KINDS: ReadonlySet<EventKind> = new Set(['content', 'reasoning', 'tool-call']);

/** The events of one reply, one entry an event, as parallel arrays. */
export interface EventLog {
  /** Arrival at the socket read, milliseconds from the start of the run. */
  readonly at: Float64Array;
  /** Index into `EVENT_KINDS`. */
  readonly kind: Uint8Array;
  /** Tokens that the event brought; 0 = unknown. */
  readonly tokens: Uint16Array;
  /** 1 when the event came in the same socket read as the one before it. */
  readonly sharedRead: Uint8Array;
}

/** Milliseconds on one monotonic clock, counted from the start of the run. */
export interface Times {
  /**
   * When the request was due by the pacer; in a closed loop, when its slot became free. Absent in a run of another tool
   * that did not keep it.
   */
  readonly scheduled?: number;
  /** When the transport got the first attempt. */
  readonly sent: number;
  readonly headers?: number;
  readonly events: EventLog;
  /** End of the body; in an imported run the last event that was kept. */
  readonly done: number;
}

/** Where a token count comes from, best first. */
export type TokenSource = 'server' | 'token-ids' | 'tokenizer' | 'chunks';

/** A number of tokens and who counted it. */
export interface TokenCount {
  readonly value: number;
  readonly source: TokenSource;
}

/** Whether a value is a valid token count: whole and not negative. Nothing else is ever added up. */
export function isTokenCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Class of a failure: decides whether the request is sent again, and how the report groups it. */
export type FailureKind =
  | 'connect'
  | 'timeout'
  | 'http-status'
  | 'bad-reply'
  | 'server-error'
  | 'truncated'
  | 'cancelled'
  | 'model-bug'
  /** Another tool's record, which holds a message only. */
  | 'unknown';

/** What went wrong with one attempt, in the server's words where it had some. */
export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
  readonly status?: number;
  readonly bodyExcerpt?: string;
}

/**
 * Identifies a request. `id` is a hash of the sample's whole content, so that a resumed run finds it again; the turns of a
 * dialogue and the labels of a choice share it.
 */
export interface CallRef {
  readonly id: string;
  readonly model: string;
  readonly dataset: string;
  /** Row of the dataset, counted from 0. */
  readonly index: number;
  /** Repetition of that row (`num_return_sequences`), counted from 0. */
  readonly repetition: number;
  /** Turn of a dialogue, counted from 0; absent where a row is one request. */
  readonly turn?: number;
  /** Turns that the dialogue has when none of them fails. */
  readonly turns?: number;
  /** The label whose perplexity was requested. */
  readonly label?: string;
}

/** Returns a key that no other request of the run has: the turns of a dialogue and the labels of a choice share their id. */
export function requestKey({ id, turn, label }: CallRef): string {
  return turn === undefined && label === undefined ? id : JSON.stringify([id, turn, label]);
}

interface RecordBase {
  readonly call: CallRef;
  /** Attempts that were sent, 1 when nothing was retried. */
  readonly attempt: number;
  /** Why the attempts before the last one failed, in order. */
  readonly earlier: readonly Failure[];
  readonly streamed: boolean;
  /** Base URL of the server, where the config names several. */
  readonly server?: string;
  /** LoRA adapter or model of the request, where the config mixes several. */
  readonly adapter?: string;
  /** Remote worker that sent it, where workers took the samples from a queue; those of a load test have record files of their own. */
  readonly worker?: string;
}

/** The record of a request that got a complete reply. */
export interface OkRecord extends RecordBase {
  readonly outcome: 'ok';
  readonly times: Times;
  readonly finishReason?: string;
  /** Absent when neither the server nor a tokenizer counted. */
  readonly inputTokens?: TokenCount;
  readonly outputTokens?: TokenCount;
  /** Of the prompt's tokens, those that the server says it took from its prefix cache. */
  readonly cachedTokens?: number;
  /** Of the answer's tokens, those that the server says were reasoning. */
  readonly reasoningTokens?: number;
  /** Its text is longer than a token can be; kept where it came at one instant and the server did not count its tokens. */
  readonly severalTokens?: true;
  /** Where the service's replies hold token counts that the model class did not read, such as `usage.completion_tokens`. */
  readonly unreadCounts?: { readonly input?: string; readonly output?: string };
  /** Tokens that the answer should have, where the request fixed its length. */
  readonly exactLength?: number;
  /** Largest number of tokens that the answer may have; kept where it has more. */
  readonly lengthLimit?: number;
}

/** A failed record has no token counts, so no summary can average it in by accident. */
export interface FailedRecord extends RecordBase {
  readonly outcome: 'failed';
  readonly times: Partial<Times>;
  readonly failure: Failure;
}

/** The numbers of one request. */
export type RunRecord = OkRecord | FailedRecord;

/** The texts of one request: a line of the predictions file (AISBench §7.2's fields, then ours). */
export interface Transcript {
  readonly call: CallRef;
  readonly success: boolean;
  readonly prompt: unknown;
  readonly content: string;
  readonly reasoningContent: string;
  readonly toolCalls: readonly unknown[];
  readonly finishReason?: string;
  readonly gold?: unknown;
  /** What the question shares with others: a passage, a document. */
  readonly source?: string;
  readonly failure?: Failure;
  /** What the model class kept for inspection (`output.extraDetailsData`). */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Whether an event, given by its index into `EVENT_KINDS`, brought generated payload. */
export function isPayload(kind: number): boolean {
  return PAYLOAD_KINDS.has(EVENT_KINDS[kind] as EventKind);
}
