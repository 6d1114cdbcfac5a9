/** How far what is said of one's own answers is from how often they are right. */

/** An answer: how sure it was said to be, 0 to 1, and whether it is right. */
export interface Confident {
  readonly confidence: number;
  readonly isRight: boolean;
}

/** Answers in a bin, as HLE has it. */
const BIN = 100;

/**
 * Root mean square calibration error, 0 to 1: of answers in the order of their confidence, in bins of a hundred of which the last takes the
 * rest, the difference between mean confidence and share of right ones, squared, averaged by the bins' sizes, and its root. Fewer than
 * a hundred answers are one bin. With `withoutLast` the last of several bins adds nothing, as in the published code of HLE and in AISBench.
 * Undefined where there are none. Equal confidences keep the order that they come in.
 */
export function calibrationError(
  answers: readonly Confident[],
  { withoutLast = false } = {},
): number | undefined {
  if (answers.length === 0) return undefined;
  const sorted = answers.toSorted((a, b) => a.confidence - b.confidence);
  const count = Math.max(1, Math.floor(sorted.length / BIN));
  const bins = Array.from({ length: count }, (_, n) =>
    sorted.slice(n * BIN, n === count - 1 ? sorted.length : (n + 1) * BIN),
  );
  const isOne = sorted.length < BIN;
  const counted = withoutLast && !isOne ? bins.slice(0, -1) : bins;
  const squares = counted.reduce((sum, bin) => sum + (bin.length / sorted.length) * gapOf(bin) ** 2, 0);
  return Math.sqrt(squares);
}

function gapOf(bin: readonly Confident[]): number {
  const difference = bin.reduce((sum, { confidence, isRight }) => sum + confidence - (isRight ? 1 : 0), 0);
  return Math.abs(difference / bin.length);
}
