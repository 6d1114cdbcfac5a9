import { execFileSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { clockSince, presentInstant } from './run-clock.ts';

describe('the clock of a run', () => {
  it('counts from its instant, in step with this process’s own clock', () => {
    const clock = clockSince(presentInstant());
    const [a, b] = [performance.now() - clock(), performance.now() - clock()];
    expect(clock()).toBeGreaterThanOrEqual(0);
    expect(Math.abs(a - b)).toBeLessThan(1000);
    const earlier = clockSince(String(BigInt(presentInstant()) - 5_000_000_000n));
    expect(earlier()).toBeGreaterThanOrEqual(5000 - 1);
  });

  it('is the same in every process of the machine', () => {
    const before = BigInt(presentInstant());
    const there = execFileSync(process.execPath, ['-p', 'String(process.hrtime.bigint())'], {
      encoding: 'utf8',
    });
    const after = BigInt(presentInstant());
    expect(BigInt(there)).toBeGreaterThan(before);
    expect(BigInt(there)).toBeLessThan(after);
  });
});
