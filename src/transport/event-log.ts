import type { RequestOutput } from '../models/output.ts';
import { EVENT_KINDS, type EventKind, type EventLog, PAYLOAD_KINDS } from '../record.ts';

const MOST_TOKENS = 65_535;
/** An event beside its arrival, in one number: tokens, kind, whether it shared its read. */
const TOKENS = 16;
const KIND = 2;

/**
 * Grows the events of one reply. They lie in one array, arrival and the rest in turn: with hundreds of streams every array
 * more is memory that the processor has to fetch anew for every event.
 */
export class EventRecorder {
  readonly #pairs: number[] = [];

  add(at: number, kind: EventKind, tokens: number, sharedRead: boolean): void {
    const brought = Math.floor(Math.min(tokens, MOST_TOKENS));
    this.#pairs.push(at);
    this.#pairs.push(brought * TOKENS + EVENT_KINDS.indexOf(kind) * KIND + (sharedRead ? 1 : 0));
  }

  get length(): number {
    return this.#pairs.length / 2;
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
}

/**
 * Payload events after which a growing text is made one piece: V8 would keep every `+=` as an object of its own, which the collector
 * has to move about. A long text is joined less often, so that joining writes no more than 64 characters an event.
 */
const JOIN_EVERY = 32;
const JOIN_SHARE = 1 / 64;

/** Tells what an event brought by comparing the output before and after its parser ran. */
export class OutputWatcher {
  readonly #output: RequestOutput;
  #content = '';
  #reasoning = '';
  #toolArguments = 0;
  #finishReason: string | undefined;
  #role: string | undefined;
  #inputTokens: number | undefined;
  #outputTokens: number | undefined;
  #payloads = 0;
  #joinAt = JOIN_EVERY;
  /** Tokens that a running usage count says the event brought that was looked at last; 0 = unknown. */
  tokens = 0;

  constructor(output: RequestOutput) {
    this.#output = output;
  }

  /** Kind of the event just parsed; `tokens` says what it brought. */
  look(): EventKind {
    const { content, reasoningContent, finishReason, role, inputTokens, outputTokens } = this.#output;
    const toolArguments = this.#argumentsLength();
    const usageCame = inputTokens !== this.#inputTokens || outputTokens !== this.#outputTokens;
    const tokens = usageCame ? this.#tokensBrought(outputTokens) : 0;
    let kind: EventKind = 'other';
    // Texts of different length are told apart without looking at them.
    if (content !== this.#content && content !== '') kind = 'content';
    else if (reasoningContent !== this.#reasoning && reasoningContent !== '') kind = 'reasoning';
    else if (toolArguments > this.#toolArguments) kind = 'tool-call';
    else if (finishReason !== this.#finishReason) kind = 'finish';
    else if (role !== this.#role) kind = 'role';
    else if (usageCame) kind = 'usage';
    this.#content = content;
    this.#reasoning = reasoningContent;
    this.#toolArguments = toolArguments;
    this.#finishReason = finishReason;
    this.#role = role;
    this.#inputTokens = inputTokens;
    this.#outputTokens = outputTokens;
    const isPayload = PAYLOAD_KINDS.has(kind);
    this.tokens = isPayload ? tokens : 0;
    if (isPayload && ++this.#payloads === this.#joinAt) this.#join(content, reasoningContent);
    return kind;
  }

  /** Looking at a character makes V8 write a text that was put together out of pieces into one. */
  #join(content: string, reasoning: string): void {
    content.charCodeAt(0);
    reasoning.charCodeAt(0);
    this.#joinAt += Math.max(JOIN_EVERY, Math.floor((content.length + reasoning.length) * JOIN_SHARE));
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
    return Math.max(0, outputTokens - (this.#outputTokens ?? 0));
  }
}
