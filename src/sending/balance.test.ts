import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancer } from './service.ts';

describe('round robin', () => {
  it('takes the next one, however busy', () => {
    const take = balancer(['a', 'b', 'c'], 'round_robin');
    expect(Array.from({ length: 7 }, () => take().server).join('')).toBe('abcabca');
  });
});

describe('least in flight', () => {
  it('takes the one that has least to do, and takes turns among equals', () => {
    const take = balancer(['a', 'b', 'c'], 'least_in_flight');
    const [a, b, c] = [take(), take(), take()];
    expect([a, b, c].map(({ server }) => server).join('')).toBe('abc');
    b.release();
    b.release();
    expect(take().server).toBe('b');
    expect(take().server).toBe('c');
    a.release();
    expect(take().server).toBe('a');
  });

  it('lets a light load visit all', () => {
    const take = balancer(['a', 'b', 'c'], 'least_in_flight');
    const visited = Array.from({ length: 6 }, () => {
      const { server, release } = take();
      release();
      return server;
    });
    expect(visited.join('')).toBe('abcabc');
  });

  it('never lets one be busier than another by more than one while all only come', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 99 }), (servers, cases) => {
        const names = Array.from({ length: servers }, (_, n) => n);
        const take = balancer(names, 'least_in_flight');
        const counts = names.map(() => 0);
        for (let n = 0; n < cases; n++) counts[take().server]! += 1;
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
