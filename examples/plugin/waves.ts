import type { ArrivalFunction } from 'ais-bench';

/** Waves: ten requests at once, then a pause, at `request_rate` on the whole. */
export const waves: ArrivalFunction = ({ perSecond = 10 }) => {
  const WAVE = 10;
  return (n) => (Math.floor(n / WAVE) * WAVE * 1000) / perSecond;
};
