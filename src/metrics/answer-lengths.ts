import type { OkRecord } from '../contract/record.ts';

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
