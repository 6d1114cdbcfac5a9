import { exponential, gamma, seededRandom } from '../basics/random.ts';

/** The next gap before a request, in units of the mean gap. */
export type UnitGaps = () => number;

/** `constant`: the first request leaves at once; `every`: a gap before the first one too. */
export type GapProcess = 'constant' | 'every' | 'poisson' | 'gamma';

/** How to begin the sequence of gaps of a process; each beginning gives the same sequence. */
export function processGaps(
  process: GapProcess,
  burstiness: number | undefined,
  seed: number,
): () => UnitGaps {
  return () => {
    if (process === 'every') return () => 1;
    if (process === 'constant') {
      let begun = false;
      return () => {
        const gap = begun ? 1 : 0;
        begun = true;
        return gap;
      };
    }
    const random = seededRandom(seed);
    if (process === 'poisson') return () => exponential(random);
    const shape = burstiness ?? 1;
    return () => gamma(shape, random);
  };
}
