import { describe, expect, test } from 'vitest';
import { seededRandom } from '../basics/random.ts';
import { type BacklogSample, growsWithoutBound } from './run-point.ts';

/** A queue that is looked at after every tenth arrival: requests end one after the other at `speed` for each that is due. */
function queue(speed: number, arrivals: number, seed: number): BacklogSample[] {
  const random = seededRandom(seed);
  const samples: BacklogSample[] = [];
  let [due, waiting] = [0, 0];
  while (due < arrivals) {
    // Whatever comes next, an arrival or an end, of two Poisson processes.
    if (random() < 1 / (1 + speed)) {
      due += 1;
      waiting += 1;
      if (due % 10 === 0) samples.push({ due, done: due - waiting });
    } else if (waiting > 0) waiting -= 1;
  }
  return samples;
}

/** How many arrivals it took to see it; undefined where it was not seen. */
function seenAfter(samples: readonly BacklogSample[]): number | undefined {
  for (let n = 1; n <= samples.length; n++)
    if (growsWithoutBound(samples.slice(0, n))) return samples[n - 1]!.due;
  return undefined;
}

describe('a backlog', () => {
  test('that grows by half of what is due is seen within 1000 requests', () => {
    for (let seed = 1; seed <= 20; seed++)
      expect(seenAfter(queue(0.5, 2000, seed))).toBeLessThanOrEqual(1000);
  });

  test.each([0.98, 1, 1.1])('at %d of the speed that is needed is never taken for one', (speed) => {
    for (let seed = 1; seed <= 20; seed++) expect(seenAfter(queue(speed, 2000, seed))).toBeUndefined();
  });

  test('of a service that fills up and has answered nothing yet is none', () => {
    const filling = Array.from({ length: 100 }, (_, n) => ({ due: 10 * n, done: 0 }));
    expect(seenAfter(filling)).toBeUndefined();
  });
});
