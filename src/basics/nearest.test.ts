import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', '_', '0', 'é', '中'), maxLength: 8 });

describe('editDistance', () => {
  it.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['batchsize', 'batch_size', 1],
    ['host_prot', 'host_port', 2],
    ['a😀c', 'abc', 1],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is a metric', () => {
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        const ab = editDistance(a, b);
        expect(ab === 0).toBe(a === b);
        expect(editDistance(b, a)).toBe(ab);
        expect(ab).toBeLessThanOrEqual(editDistance(a, c) + editDistance(c, b));
        expect(ab).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
        expect(ab).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});

describe('nearest', () => {
  const keys = ['batch_size', 'max_out_len', 'host_ip', 'host_port', 'stream'];

  it.each([
    ['batchsize', 'batch_size'],
    ['BATCH_SIZE', 'batch_size'],
    ['max_out_length', 'max_out_len'],
    ['host_pot', 'host_port'],
    ['temperature', undefined],
    ['', undefined],
  ])('of %j is %j', (typed, meant) => {
    expect(nearest(typed, keys)).toBe(meant);
  });

  it('is the name itself where there is one, whatever its case', () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.boolean(), (key, upper) => {
        expect(nearest(upper ? key.toUpperCase() : key, keys)).toBe(key);
      }),
    );
  });

  it('is never further than any other', () => {
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 5 }), (typed, candidates) => {
        const found = nearest(typed, candidates);
        if (found === undefined) return;
        const distances = candidates.map((one) => editDistance(typed.toLowerCase(), one.toLowerCase()));
        expect(editDistance(typed.toLowerCase(), found.toLowerCase())).toBe(Math.min(...distances));
      }),
    );
  });
});
