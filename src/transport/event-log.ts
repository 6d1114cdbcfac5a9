import type { RequestOutput } from '../models/output.ts';
import { EVENT_KINDS, type EventKind, type EventLog, PAYLOAD_KINDS } from '../record.ts';

/** Grows the event arrays of one reply. */
export class EventRecorder {
  readonly #at: number[] = [];
  readonly #kind: number[] = [];
  readonly #tokens: number[] = [];
  readonly #sharedRead: number[] = [];

  add(at: number, kind: EventKind, tokens: number, sharedRead: boolean): void {
    this.#at.push(at);
    this.#kind.push(EVENT_KINDS.indexOf(kind));
    this.#tokens.push(Math.min(tokens, 65_535));
    this.#sharedRead.push(sharedRead ? 1 : 0);
  }

  get length(): number {
    return this.#at.length;
  }

  toLog(): EventLog {
    return {
      at: Float64Array.from(this.#at),
      kind: Uint8Array.from(this.#kind),
      tokens: Uint16Array.from(this.#tokens),
      sharedRead: Uint8Array.from(this.#sharedRead),
    };
  }
}

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
  #payloadCame = false;

  constructor(output: RequestOutput) {
    this.#output = output;
  }

  /** Kind of the event just parsed, and the tokens that a running usage count says it brought (0 = unknown). */
  look(): { kind: EventKind; tokens: number } {
    const { content, reasoningContent, finishReason, role, inputTokens, outputTokens } = this.#output;
    const toolArguments = this.#output.toolCalls.reduce((sum, call) => sum + call.arguments.length, 0);
    const usageCame = inputTokens !== this.#inputTokens || outputTokens !== this.#outputTokens;
    const tokens = this.#tokensBrought(outputTokens);
    let kind: EventKind = 'other';
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
    if (!PAYLOAD_KINDS.has(kind)) return { kind, tokens: 0 };
    this.#payloadCame = true;
    return { kind, tokens };
  }

  /** A count that first appears after other payload events covers those too, so it says nothing of this one. */
  #tokensBrought(outputTokens: number | undefined): number {
    if (outputTokens === undefined) return 0;
    if (this.#outputTokens === undefined && this.#payloadCame) return 0;
    return Math.max(0, outputTokens - (this.#outputTokens ?? 0));
  }
}
