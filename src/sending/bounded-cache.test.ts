import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoundedCache } from './media.ts';

it('keeps what was used last, and never more than its limit', () => {
  const cache = new BoundedCache<string>(100);
  for (const key of ['a', 'b', 'c', 'd']) cache.set(key, key, 25);
  expect(cache.get('a')).toBe('a');
  cache.set('e', 'e', 20);
  expect(['a', 'b', 'c', 'd', 'e'].map((key) => cache.get(key))).toEqual(['a', undefined, 'c', 'd', 'e']);
});

it('takes nothing that would push out too much', () => {
  const cache = new BoundedCache<string>(100);
  cache.set('a', 'a', 25);
  cache.set('b', 'b', 26);
  expect([cache.get('a'), cache.get('b')]).toEqual(['a', undefined]);
});

it('holds as much as a list that forgets its oldest', () => {
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
    bytes: fc.integer({ min: 1, max: 30 }),
    isGet: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const cache = new BoundedCache<number>(100);
      let model: { key: string; bytes: number }[] = [];
      for (const { key, bytes, isGet } of steps) {
        const known = model.find((one) => one.key === key);
        if (isGet) {
          expect(cache.get(key)).toBe(known?.bytes);
          if (known !== undefined) model = [...model.filter((one) => one !== known), known];
        } else {
          cache.set(key, bytes, bytes);
          if (bytes > 25) continue;
          model = [...model.filter((one) => one !== known), { key, bytes }];
          while (model.reduce((sum, one) => sum + one.bytes, 0) > 100) model.shift();
        }
      }
    }),
  );
});
