import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Answering,
  reply,
  sampleSource,
  sampleTarget,
  sampleWire,
} from '../../test/support/sample-source.ts';
import type { LoadConfig } from '../config/plan.ts';
import { fakeClock } from '../testing/index.ts';
import { RunControl } from './control.ts';
import { askedRateOf, ONE_PASS, plannedSamples, type TaskLoad } from './load-plan.ts';
import { plannedRequests, runTask, serviceClient } from './run-task.ts';
import { sampleAt, type TaskSamples } from './shape.ts';

const clock = fakeClock();
const yes: Answering = (sink) => reply(sink, clock, { said: 'yes', tokens: 2 });

/** The requests that one process sends: row and repetition. */
async function sentBy(source: TaskSamples, load: TaskLoad): Promise<string[]> {
  const asked: string[] = [];
  const control = new RunControl();
  const service = { wire: sampleWire(clock, yes, control.signal), pick: () => sampleTarget() };
  const sink = {
    record: ({ call }: { call: { index: number; repetition: number } }) =>
      void asked.push(`${call.index}/${call.repetition}`),
    transcript: () => {},
  };
  const progress = { done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
  await runTask(source, serviceClient(service, 1), sink, control, progress, load);
  return asked;
}

const settings = (own: Partial<LoadConfig>): LoadConfig => ({ ...ONE_PASS.settings, ...own });

describe('the parts of a load', () => {
  it('together ask every row and repetition once, whatever the number of workers', async () => {
    const load = fc.record({
      rows: fc.integer({ min: 1, max: 12 }),
      repetitions: fc.integer({ min: 1, max: 3 }),
      workers: fc.integer({ min: 1, max: 4 }),
      more: fc.nat({ max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(load, async ({ rows, repetitions, workers, more }) => {
        const concurrency = workers + more;
        const source = sampleSource(rows, { repetitions, concurrency });
        const parts = Array.from({ length: workers }, (_, worker) =>
          sentBy(source, { settings: settings({}), stripe: { worker, workers, concurrency } }),
        );
        const whole = await sentBy(source, ONE_PASS);
        expect((await Promise.all(parts)).flat().sort()).toEqual([...whole].sort());
        expect(new Set(whole).size).toBe(rows * repetitions);
      }),
      { numRuns: 40 },
    );
  });
});

describe('a load over the data again and again', () => {
  const source = sampleSource(2, { repetitions: 2 });

  it('asks further repetitions of the rows', () => {
    const place = (n: number) => {
      const { index, repetition } = sampleAt(source, n).ref;
      return [index, repetition];
    };
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].map(place)).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [0, 4],
    ]);
    expect(new Set([0, 2, 4, 6].map((n) => sampleAt(source, n).ref.id)).size).toBe(4);
  });

  it('has no planned number of requests', () => {
    expect([plannedSamples(source, settings({})), plannedRequests(source, ONE_PASS)]).toEqual([4, 4]);
    const cycle = settings({ cycle: true, durationMs: 1 });
    expect([plannedSamples(source, cycle), plannedRequests(source, { settings: cycle })]).toEqual([
      Infinity,
      undefined,
    ]);
  });
});

describe('the asked rate', () => {
  const paced = sampleSource(5, {
    arrival: { kind: 'paced', process: 'poisson', rates: { shape: 'fixed', perSecond: 9 } },
  });

  it.each([
    ['of a closed loop', sampleSource(5), {}, undefined],
    ['of a schedule', paced, {}, 9],
    [
      'under pressure, where it is the rate of new clients',
      paced,
      { pressure: true, cycle: true, durationMs: 5 },
      undefined,
    ],
  ] as const)('%s', (_, source, own, expected) => {
    expect(askedRateOf(source, settings(own))).toBe(expected);
  });
});
