import { EVENT_KINDS, type OkRecord } from '../contract/record.ts';

/** What of the output was reasoning, in the answers that had some. */
export interface ReasoningTokens {
  readonly answers: number;
  /** Their reasoning tokens; never more than `output`. */
  readonly tokens: number;
  /** All of their output tokens, the answers themselves included. */
  readonly output: number;
  /** Of these answers, those whose server told it; of the others the events that brought reasoning were counted. */
  readonly told: number;
}

const REASONING = EVENT_KINDS.indexOf('reasoning');

/** Tells the tokens of reasoning from those of the answers. */
export class ReasoningTally {
  #answers = 0;
  #tokens = 0;
  #output = 0;
  #told = 0;

  /** `tokens`: what each event of the record brought; undefined where that is not known. */
  add({ times, reasoningTokens = 0, outputTokens }: OkRecord, tokens: Uint32Array | undefined): void {
    if (outputTokens === undefined) return;
    // Some servers say 0 of reasoning that they have just sent.
    const reasoning = reasoningTokens || sumOf(times.events.kind, tokens);
    if (reasoning === 0) return;
    this.#answers++;
    this.#tokens += Math.min(reasoning, outputTokens.value);
    this.#output += outputTokens.value;
    if (reasoningTokens > 0) this.#told++;
  }

  /** Undefined: no answer had any, as far as anybody knows. */
  summary(): ReasoningTokens | undefined {
    if (this.#answers === 0) return undefined;
    return { answers: this.#answers, tokens: this.#tokens, output: this.#output, told: this.#told };
  }
}

function sumOf(kinds: Uint8Array, tokens: Uint32Array | undefined): number {
  if (tokens === undefined) return 0;
  let sum = 0;
  for (let i = 0; i < kinds.length; i++) if (kinds[i] === REASONING) sum += tokens[i]!;
  return sum;
}
