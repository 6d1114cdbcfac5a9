import type { RequestOutput } from '../contract/output.ts';
import {
  EVENT_KINDS,
  type EventKind,
  type EventLog,
  isTokenCount,
  PAYLOAD_KINDS,
} from '../contract/record.ts';

const MOST_TOKENS = 65_535;
/** An event beside its arrival, in one number: tokens, kind, whether it shared its read. */
const TOKENS = 16;
const KIND = 2;
/** Numbers that the first event makes room for. */
const FIRST_ROOM = 32;
const NO_PAIRS = new Float64Array(0);

/**
 * Collects the events of one reply. They lie in one array, arrival and the rest in turn: with hundreds of streams every array
 * more is memory that the processor has to fetch for every event. It is a typed one, which the garbage collector does not move.
 */
export class EventRecorder {
  #pairs: Float64Array = NO_PAIRS;
  #used = 0;

  add(at: number, kind: EventKind, tokens: number, sharedRead: boolean): void {
    const used = this.#used;
    if (used === this.#pairs.length) this.#grow();
    const pairs = this.#pairs;
    pairs[used] = at;
    pairs[used + 1] =
      Math.min(tokens, MOST_TOKENS) * TOKENS + EVENT_KINDS.indexOf(kind) * KIND + (sharedRead ? 1 : 0);
    this.#used = used + 2;
  }

  get length(): number {
    return this.#used / 2;
  }

  toLog(): EventLog {
    const { length } = this;
    const log = {
      at: new Float64Array(length),
      kind: new Uint8Array(length),
      tokens: new Uint16Array(length),
      sharedRead: new Uint8Array(length),
    };
    for (let n = 0; n < length; n++) {
      const rest = this.#pairs[2 * n + 1]!;
      log.at[n] = this.#pairs[2 * n]!;
      log.tokens[n] = Math.floor(rest / TOKENS);
      log.kind[n] = (rest % TOKENS) >> 1;
      log.sharedRead[n] = rest % KIND;
    }
    return log;
  }

  #grow(): void {
    const larger = new Float64Array(Math.max(FIRST_ROOM, 2 * this.#pairs.length));
    larger.set(this.#pairs);
    this.#pairs = larger;
  }
}

/** Finds what an event brought by comparing the output before and after its parser ran. */
export class OutputWatcher {
  readonly #output: RequestOutput;
  #contentChanges = 0;
  #reasoningChanges = 0;
  #toolArguments = 0;
  #finishReason: string | undefined;
  #role: string | undefined;
  #inputTokens: number | undefined;
  #outputTokens: number | undefined;
  #payloads = 0;
  /** Tokens that a running usage count says the event brought that was looked at last; 0 = unknown. */
  tokens = 0;

  constructor(output: RequestOutput) {
    this.#output = output;
  }

  /** Kind of the event just parsed; `tokens` says what it brought. */
  look(): EventKind {
    const { contentChanges, reasoningChanges, finishReason, role, inputTokens, outputTokens } = this.#output;
    const toolArguments = this.#argumentsLength();
    const usageCame = inputTokens !== this.#inputTokens || outputTokens !== this.#outputTokens;
    const tokens = usageCame ? this.#tokensBrought(outputTokens) : 0;
    let kind: EventKind = 'other';
    if (contentChanges !== this.#contentChanges) kind = 'content';
    else if (reasoningChanges !== this.#reasoningChanges) kind = 'reasoning';
    else if (toolArguments > this.#toolArguments) kind = 'tool-call';
    else if (finishReason !== this.#finishReason) kind = 'finish';
    else if (role !== this.#role) kind = 'role';
    else if (usageCame) kind = 'usage';
    this.#contentChanges = contentChanges;
    this.#reasoningChanges = reasoningChanges;
    this.#toolArguments = toolArguments;
    this.#finishReason = finishReason;
    this.#role = role;
    this.#inputTokens = inputTokens;
    this.#outputTokens = outputTokens;
    const isPayload = PAYLOAD_KINDS.has(kind);
    this.tokens = isPayload ? tokens : 0;
    if (isPayload) this.#payloads += 1;
    return kind;
  }

  #argumentsLength(): number {
    let sum = 0;
    for (const call of this.#output.toolCalls) sum += call.arguments.length;
    return sum;
  }

  /** A count that first appears after other payload events covers those too, so it says nothing of this one. */
  #tokensBrought(outputTokens: number | undefined): number {
    if (outputTokens === undefined) return 0;
    if (this.#outputTokens === undefined && this.#payloads > 0) return 0;
    const brought = outputTokens - (this.#outputTokens ?? 0);
    // A class of the user's may set anything.
    return isTokenCount(brought) ? brought : 0;
  }
}
