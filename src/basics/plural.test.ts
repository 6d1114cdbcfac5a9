import { expect, it } from 'vitest';
import { plural } from './plural.ts';

it('is singular for one alone', () => {
  expect([0, 1, 2].map((n) => plural(n, 'request'))).toEqual(['0 requests', '1 request', '2 requests']);
  expect([1, 3].map((n) => plural(n, 'case was', 'cases were'))).toEqual(['1 case was', '3 cases were']);
});
