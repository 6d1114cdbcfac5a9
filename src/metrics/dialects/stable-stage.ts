/** A request by its begin and end, in any one unit of time. */
export interface RequestSpan {
  readonly begin: number;
  readonly end: number;
}

export interface StableStage {
  readonly begin: number;
  readonly end: number;
  /** Positions of the requests that begin inside. */
  readonly selected: readonly number[];
}

/**
 * AISBench's `stable_stage`: from the second request that begins when the number in flight comes to exactly `concurrency`, to the
 * last begin or end that leaves it there. Undefined when that never happens. Of events at one instant the order of the list
 * counts.
 */
export function stableStage(spans: readonly RequestSpan[], concurrency: number): StableStage | undefined {
  const events = spans
    .flatMap(({ begin, end }) => [
      { at: begin, step: 1 },
      { at: end, step: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  let inFlight = 0;
  let begins = 0;
  let begin: number | undefined;
  let end: number | undefined;
  for (const { at, step } of events) {
    inFlight += step;
    if (inFlight !== concurrency) continue;
    if (step === 1) begins++;
    if (step === 1 && begins === 2) begin = at;
    end = at;
  }
  if (begin === undefined || end === undefined) return undefined;
  const [from, to] = [begin, end];
  const selected = spans.flatMap((span, i) => (span.begin >= from && span.begin <= to ? [i] : []));
  return { begin: from, end: to, selected };
}
