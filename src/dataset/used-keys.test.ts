import { expect, it } from 'vitest';
import { watchKeys } from './used-keys.ts';

it('names the keys that were looked at by name, in a copy or as entries, and those that were not', () => {
  const first = watchKeys({ a: 1, b: 2 });
  const { a } = first.params;
  expect([a, Object.keys(first.params)]).toEqual([1, ['a', 'b']]);
  expect(first.unread()).toEqual(['b']);
  const copied = watchKeys({ a: 1, b: 2 });
  expect({ ...copied.params }).toEqual({ a: 1, b: 2 });
  expect(copied.unread()).toEqual([]);
  expect(watchKeys({}).unread()).toEqual([]);
});
