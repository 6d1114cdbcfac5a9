import { describe, expect, test } from 'vitest';
import { clusterSizeOf, clusterSizes } from './fit.ts';

/** 1 at the places that are given, of so many. */
function flags(length: number, ...bad: readonly number[]): Uint8Array {
  const all = new Uint8Array(length);
  for (const at of bad) all[at] = 1;
  return all;
}

describe('clusters of bad requests', () => {
  test('end where 40 good ones follow each other', () => {
    expect(clusterSizes(flags(500, 3, 4, 44, 100, 400, 401, 403))).toEqual([3, 1, 3]);
    expect(clusterSizes(flags(500))).toEqual([]);
  });

  test('are none where a fifth of the requests is bad', () => {
    expect(clusterSizes(flags(5, 2))).toEqual([]);
    expect(clusterSizes(flags(6, 2))).toEqual([1]);
  });

  test('make counts vary by the mean of their squares over their mean', () => {
    expect(clusterSizeOf([10, 30])).toBe(25);
    expect(clusterSizeOf([1, 1, 1])).toBe(5);
    expect(clusterSizeOf([])).toBe(20);
  });
});
