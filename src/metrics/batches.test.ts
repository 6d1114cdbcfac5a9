import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../contract/record.ts';
import { Batches } from './batches.ts';

const record = (sent: number, done: number) => ({ times: { sent, done } }) as RunRecord;

describe('the batches of a local model', () => {
  it('are told by when they began and ended', () => {
    const batches = new Batches();
    for (const [sent, done] of [
      [0, 100],
      [0, 100],
      [0, 100],
      [101, 151],
    ] as const) {
      batches.add(record(sent, done));
    }
    expect(batches.summary()).toMatchObject({ count: 2, meanSize: 2, latency: { min: 50, max: 100 } });
  });

  it('are none where nothing was asked', () => {
    const batches = new Batches();
    batches.add({ times: {} } as RunRecord);
    expect(batches.summary()).toBeUndefined();
  });

  it('hold every prompt once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (sizes) => {
        const batches = new Batches();
        for (const [at, size] of sizes.entries()) {
          for (let i = 0; i < size; i++) batches.add(record(at, at + 1));
        }
        const { count, meanSize } = batches.summary()!;
        expect(count).toBe(sizes.length);
        expect(meanSize * count).toBeCloseTo(sizes.reduce((sum, size) => sum + size, 0));
      }),
    );
  });
});
