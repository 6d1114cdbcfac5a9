import { EVENT_KINDS, type OkRecord } from '../contract/record.ts';

/** How the lengths of answers compare with what was asked. */
export interface AnswerLengths {
  /** Answers that were to have an exact length and whose tokens the service counted. */
  readonly wanted: number;
  /** Of those, how many have it. */
  readonly exact: number;
  /** Mean tokens that they were to have, and that they have; 0 where there are none. */
  readonly meanAsked: number;
  readonly meanGot: number;
  /** Answers with more tokens than the largest number that was asked for. */
  readonly tooLong: number;
}

/** Compares answers with the length that was asked of them. Only what the service counted is held against it. */
export class LengthTally {
  #wanted = 0;
  #exact = 0;
  #asked = 0;
  #got = 0;
  #tooLong = 0;

  add({ outputTokens, exactLength, lengthLimit }: OkRecord): void {
    if (lengthLimit !== undefined) this.#tooLong++;
    if (exactLength === undefined || outputTokens?.source !== 'server') return;
    this.#wanted++;
    this.#asked += exactLength;
    this.#got += outputTokens.value;
    if (outputTokens.value === exactLength) this.#exact++;
  }

  /** Undefined: nothing was asked, or all is as it was asked to be at most. */
  summary(): AnswerLengths | undefined {
    if (this.#wanted === 0 && this.#tooLong === 0) return undefined;
    const of = Math.max(1, this.#wanted);
    return {
      wanted: this.#wanted,
      exact: this.#exact,
      meanAsked: this.#asked / of,
      meanGot: this.#got / of,
      tooLong: this.#tooLong,
    };
  }
}

/** What the service's prefix cache had of the prompts, as its replies say. */
export interface CachedTokens {
  /** Answers whose reply told it. */
  readonly answers: number;
  /** Their prompt tokens that came from the cache. */
  readonly tokens: number;
  /** The same as a share of all their prompt tokens. */
  readonly share: number;
}

/** Adds up what replies say of the prefix cache. */
export class CacheTally {
  #answers = 0;
  #cached = 0;
  #input = 0;

  add({ cachedTokens, inputTokens }: OkRecord): void {
    if (cachedTokens === undefined || inputTokens === undefined) return;
    this.#answers++;
    this.#cached += cachedTokens;
    this.#input += inputTokens.value;
  }

  /** Undefined: no reply tells it. */
  summary(): CachedTokens | undefined {
    if (this.#answers === 0) return undefined;
    const share = this.#input > 0 ? this.#cached / this.#input : 0;
    return { answers: this.#answers, tokens: this.#cached, share };
  }
}

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
