import { describe, expect, it } from 'vitest';
import { localPlan } from '../../test/support/sample-local.ts';
import { sampleDataset, sampleSource } from '../../test/support/sample-source.ts';
import type { LoadConfig, ModelPlan, ServiceModelPlan } from '../config/plan.ts';
import { ONE_PASS } from './load-plan.ts';
import { childWorkersFor, fingerprint, remoteWorkersFor, sampleDigest, workersFor } from './pool.ts';
import type { Task } from './prepare.ts';

function task(cases: number, plan: Partial<ServiceModelPlan> = {}, model?: ModelPlan): Task {
  const source = sampleSource(cases, plan);
  return { model: model ?? source.model, dataset: sampleDataset(), source } as unknown as Task;
}
const rate = (perSecond: number): Partial<ServiceModelPlan> => ({
  concurrency: 3000,
  arrival: { kind: 'paced', process: 'constant', rates: { shape: 'fixed', perSecond } },
});
const workers = (own: Partial<LoadConfig>) => ({ ...ONE_PASS.settings, ...own });

describe('how many processes send a load', () => {
  it.each([
    ['a small load', task(100, { concurrency: 64 }), 16, 1],
    ['4000 in flight', task(9000, { concurrency: 4000 }), 16, 1],
    ['10000 in flight', task(20_000, { concurrency: 10_000 }), 16, 3],
    ['10000 in flight on two cores', task(20_000, { concurrency: 10_000 }), 2, 1],
    ['10000 allowed and 10 to send', task(10, { concurrency: 10_000 }), 16, 1],
    ['2000 a second', task(9000, rate(2000)), 16, 1],
    ['7000 a second', task(9000, rate(7000)), 16, 4],
  ] as const)('by itself: %s', (_, given, cores, expected) => {
    expect(workersFor(given, workers({ workers: 'auto' }), cores)).toBe(expected);
  });

  it.each([
    ['as asked', task(100, { concurrency: 64 }), 3, 3],
    ['not more than may be in flight', task(100, { concurrency: 2 }), 3, 2],
    ['not more than there are samples', task(1, { concurrency: 9 }), 3, 1],
    ['one for a model in this process', task(100, { concurrency: 64 }, localPlan()), 3, 1],
  ] as const)('by number: %s', (_, given, asked, expected) => {
    expect(workersFor(given, workers({ workers: asked }), 1)).toBe(expected);
  });
});

describe('how many child processes send', () => {
  it.each([
    ['none for a small load', task(100, { concurrency: 63 }), 'auto', 0],
    ['one, apart from the command, from 64 in flight', task(100, { concurrency: 64 }), 'auto', 1],
    ['none where few samples are left of many allowed', task(10, { concurrency: 64 }), 'auto', 0],
    ['three for 10000 in flight', task(20_000, { concurrency: 10_000 }), 'auto', 3],
    ['none when one process is asked for', task(100, { concurrency: 64 }), 1, 0],
    ['two when two are asked for', task(100, { concurrency: 4 }), 2, 2],
    ['none for a model in this process', task(100, { concurrency: 64 }, localPlan()), 'auto', 0],
  ] as const)('%s', (_, given, asked, expected) => {
    expect(childWorkersFor(given, workers({ workers: asked }), 16)).toBe(expected);
  });
});

describe('how many processes of remote workers send', () => {
  it.each([
    ['one of each', task(100, { concurrency: 64 }), 'auto', 4, 12, 4],
    ['no more than may be in flight', task(100, { concurrency: 3 }), 'auto', 4, 12, 3],
    ['as many as a large load needs', task(40_000, { concurrency: 30_000 }), 'auto', 4, 12, 8],
    ['as many as they have', task(40_000, { concurrency: 30_000 }), 'auto', 4, 6, 6],
    ['as many as are asked for', task(100, { concurrency: 64 }), 2, 4, 12, 2],
    ['no more than they have', task(100, { concurrency: 64 }), 30, 4, 12, 12],
  ] as const)('%s', (_, given, asked, count, capacity, expected) => {
    expect(remoteWorkersFor(given, workers({ workers: asked }), { count, capacity })).toBe(expected);
  });
});

describe('the digest of samples', () => {
  it('is alike for the same samples, and tells of a difference in any of them', () => {
    const changed = task(5);
    const { shape } = changed.source;
    const other = (wrong: number): Task => ({
      ...changed,
      source: {
        ...changed.source,
        shape: {
          ...shape,
          makeRun: (row, repetition) => {
            const one = shape.makeRun(row, repetition);
            return row.index === wrong ? { ...one, ref: { ...one.ref, id: 'other' } } : one;
          },
        },
      },
    });
    expect(sampleDigest([task(5)])).toBe(sampleDigest([task(5)]));
    const digests = [task(5), task(6), other(0), other(2), other(4)].map((one) => sampleDigest([one]));
    expect(new Set(digests).size).toBe(5);
  });
});

describe('the fingerprint of tasks', () => {
  it('is alike for the same plan and data, and tells others apart', () => {
    expect(fingerprint([task(5)])).toBe(fingerprint([task(5)]));
    const others = [
      [task(5)],
      [task(6)],
      [task(5, { abbr: 'n' })],
      [task(5), task(5)],
      [task(5, { concurrency: 2 })],
      [task(5, rate(1))],
    ];
    expect(new Set(others.map(fingerprint)).size).toBe(others.length);
  });
});
