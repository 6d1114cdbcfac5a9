import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonOrders, pythonRandom } from './python-random.ts';

it('draws as random.Random(3) does', () => {
  const random = pythonRandom(3);
  const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
  expect(random.sample(upTo(900), 9)).toEqual([243, 606, 557, 133, 378, 618, 485, 640, 594]);
  expect(random.choice('abcdefg'.split(''))).toBe('a');
  expect(random.sample(upTo(30), 6)).toEqual([19, 0, 26, 15, 8, 17]);
  const list = upTo(6);
  random.shuffle(list);
  expect(list).toEqual([0, 4, 2, 3, 5, 1]);
  expect(pythonRandom(10_001).sample(upTo(5000), 40).slice(-3)).toEqual([1554, 2584, 362]);
});

describe('orders as CPython draws them', () => {
  it('are those of random.Random(0).sample(range(4), 4), one after the other', () => {
    expect(pythonOrders(8, 4, 0)).toEqual([
      [3, 1, 0, 2],
      [3, 1, 2, 0],
      [2, 3, 0, 1],
      [2, 0, 3, 1],
      [1, 3, 0, 2],
      [2, 1, 0, 3],
      [3, 1, 0, 2],
      [3, 2, 1, 0],
    ]);
  });

  it('are those of random.Random(5).sample(range(10), 10)', () => {
    expect(pythonOrders(2, 10, 5)).toEqual([
      [9, 4, 5, 6, 7, 8, 0, 1, 3, 2],
      [2, 1, 5, 3, 8, 6, 0, 9, 4, 7],
    ]);
  });

  it('hold every number once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 21 }), fc.nat(2 ** 32 - 1), (size, seed) => {
        const [order] = pythonOrders(1, size, seed);
        expect([...order!].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      }),
      { numRuns: 50 },
    );
  });
});
