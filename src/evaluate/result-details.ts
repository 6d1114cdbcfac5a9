import type { Transcript } from '../contract/record.ts';
import type { Judged } from './types.ts';

/** What AISBench keeps of an answer's texts beside its verdict. */
interface ResultTexts {
  readonly prompt: unknown;
  readonly origin_prediction: string;
}

/** `details` of a result as AISBench writes it (aisbench.md §7.2): by position, its keys first, ours behind them. */
export type ResultDetails = Readonly<
  Record<
    string,
    ResultTexts & {
      readonly predictions: readonly [string];
      readonly references: readonly [string];
      readonly correct: readonly [boolean];
    } & Judged
  >
>;

/** Keeps the texts of transcripts that are being judged, in their order. */
export class KeptTexts {
  readonly #texts: ResultTexts[] = [];

  async *of(transcripts: AsyncIterable<Transcript>): AsyncGenerator<Transcript> {
    for await (const transcript of transcripts) {
      const { prompt, content } = transcript;
      this.#texts.push({ prompt, origin_prediction: content });
      yield transcript;
    }
  }

  /** `none`: what is where no answer was found. */
  detailsOf(judged: readonly Judged[], none: string): ResultDetails {
    return Object.fromEntries(
      judged.map((one, n) => [
        String(n),
        {
          ...this.#texts[n]!,
          predictions: [one.extraction?.answer ?? none],
          references: [one.reference],
          correct: [one.verdict === 'correct'],
          ...one,
        },
      ]),
    );
  }
}
