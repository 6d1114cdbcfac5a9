import { expect, it } from 'vitest';
import { pairingOf } from './compare-runs.ts';

const asked = (id: string, prompt: string) => ({ id, hash: `h ${prompt}`, excerpt: prompt });

it('counts what is the same by hash, by prompt, by row alone, and what only one run has', () => {
  const before = new Map([
    ['0 0 0', asked('a', 'one')],
    ['1 0 0', asked('b', 'two')],
    ['2 0 0', asked('c', `${'x'.repeat(50)} three`)],
    ['3 0 0', asked('d', 'four')],
  ]);
  const after = new Map([
    ['0 0 0', asked('a', 'one')],
    ['1 0 0', asked('B', 'two')],
    ['2 0 0', asked('C', `${'x'.repeat(50)} 3`)],
    ['4 0 0', asked('e', 'five')],
  ]);
  expect(pairingOf(before, after)).toEqual({
    sameId: 1,
    samePrompt: 1,
    otherPrompt: 1,
    onlyBefore: 1,
    onlyAfter: 1,
    example: { place: '2 0 0', before: `…${'x'.repeat(19)} three`, after: `…${'x'.repeat(19)} 3` },
  });
});
