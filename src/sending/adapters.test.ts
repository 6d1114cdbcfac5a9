import { describe, expect, it } from 'vitest';
import { adapterPicker } from './service.ts';

const at = (index: number, repetition = 0) => ({ index, repetition });
const shares = [
  { name: 'a', weight: 3 },
  { name: 'b', weight: 1 },
  { name: '', weight: 1 },
];

describe('a mix', () => {
  const picked = (seed: number) => {
    const pick = adapterPicker({ kind: 'mix', seed, shares });
    return Array.from({ length: 2000 }, (_, n) => pick(at(n)));
  };

  it('comes near its weights', () => {
    const names = picked(0);
    const share = (name: string | undefined) => names.filter((one) => one === name).length / names.length;
    expect(share('a')).toBeCloseTo(0.6, 1);
    expect(share('b')).toBeCloseTo(0.2, 1);
    expect(share(undefined)).toBeCloseTo(0.2, 1);
  });

  it('is the same every time, and another one under another seed', () => {
    expect(picked(1)).toEqual(picked(1));
    expect(picked(1)).not.toEqual(picked(2));
  });

  it('depends on the row and its repetition, not on what was asked before', () => {
    const pick = adapterPicker({ kind: 'mix', seed: 0, shares });
    const forward = [0, 1, 2, 3, 4, 5].map((n) => pick(at(n)));
    const backward = [5, 4, 3, 2, 1, 0].map((n) => pick(at(n))).reverse();
    expect(forward).toEqual(backward);
    const repetitions = Array.from({ length: 50 }, (_, repetition) => pick(at(0, repetition)));
    expect(new Set(repetitions).size).toBe(3);
  });
});

describe('a map of rows', () => {
  it('names the adapter of a row; a row it does not name, or names "", asks the model itself', () => {
    const pick = adapterPicker({ kind: 'rows', path: 'x', names: { 0: 'a', 7: 'b', 8: '' } });
    expect([0, 1, 7, 8].map((index) => pick(at(index)))).toEqual(['a', undefined, 'b', undefined]);
  });
});

it('is none where none is planned', () => {
  expect(adapterPicker(undefined)(at(0))).toBeUndefined();
});
