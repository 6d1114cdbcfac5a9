/** The x ≥ 0 that a distribution exceeds with probability `tail`, at most ½; `tailOf(x)` falls from ½ to 0. By bisection. */
export function upperQuantile(tailOf: (x: number) => number, tail: number): number {
  if (tail <= 0) return Number.POSITIVE_INFINITY;
  if (tail >= 0.5) return 0;
  let low = 0;
  let high = 1;
  for (; tailOf(high) > tail; high *= 2) low = high;
  for (;;) {
    const middle = (low + high) / 2;
    // No number lies between them any more.
    if (middle <= low || middle >= high) return middle;
    if (tailOf(middle) > tail) low = middle;
    else high = middle;
  }
}
