/** Multiples of a power of ten that read well, for few decades and for many. */
const STEPS = [[1, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]] as const;
/** More ticks than this crowd an axis. */
const MOST = 7;

/** Returns round values between two positive ends of a logarithmic axis; the ends themselves where none lies between them. */
export function logTicks(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const decades = Array.from({ length: Math.floor(Math.log10(high)) - first + 1 }, (_, n) => first + n);
  const ticksOf = (steps: readonly number[]) =>
    decades
      .flatMap((decade) => steps.map((step) => Number(`${step}e${decade}`)))
      .filter((value) => value >= low && value <= high);
  const fitting = STEPS.map(ticksOf).find(({ length }) => length <= MOST) ?? ticksOf([1]);
  return fitting.length > 1 ? fitting : [low, high];
}
