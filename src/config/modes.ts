/** `all`: ask, score, and show the timing of the same replies; `perf`: load test without scoring. */
export const MODES = ['all', 'perf'] as const;
export type Mode = (typeof MODES)[number];
