/**
 * p-values for which the chance of one false alarm among all of them together is bounded by the level that they are held against
 * (S. Holm, 1979): the smallest counts as many times as there are tests, the next one time less, and none less than one before it.
 */
export function holm(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const adjusted = new Array<number>(values.length).fill(1);
  let largest = 0;
  for (const [rank, i] of order.entries()) {
    largest = Math.min(1, Math.max(largest, values[i]! * (values.length - rank)));
    adjusted[i] = largest;
  }
  return adjusted;
}
