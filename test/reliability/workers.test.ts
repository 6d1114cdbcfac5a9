/** `kill -9` of workers, of the command and of the NATS server while they evaluate: every case has one answer, and the score is the same. */
import { describe, it } from 'vitest';
import { seeded } from '../e2e/killed.ts';
import { survives, type Victim } from '../e2e/worker-run.ts';
import { noNats } from '../support/nats-server.ts';

const SAMPLES = Number(process.env['RELIABILITY_SAMPLES'] ?? 320);
/** Each dies once in so many samples. */
const SAMPLES_A_DEATH = 320;
const VICTIMS: readonly Victim[] = ['worker', 'nats', 'coordinator', 'process of a worker'];

describe.skipIf(noNats ?? process.platform !== 'linux')('an evaluation over workers', () => {
  it(`of ${SAMPLES} samples, in which everybody is killed`, { timeout: 600_000 }, () => {
    const random = seeded(5);
    const deaths = Array.from({ length: Math.floor(SAMPLES / SAMPLES_A_DEATH) }, () => VICTIMS).flat();
    const kills = deaths
      .map((victim) => ({ victim, place: random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ victim }) => victim);
    return survives({ rounds: SAMPLES / 8, batchSize: 8, pauseMs: 120, between: 30, seed: 7, kills });
  });
});
