import { describe, expect, it } from 'vitest';
import { clockSince, presentInstant } from '../sending/run-clock.ts';
import { HostClock, instantThere } from './host-clock.ts';

describe("a host's clock", () => {
  it('tells the time of day, and never jumps', () => {
    const clock = new HostClock();
    const first = clock.now();
    expect(Math.abs(first - Date.now())).toBeLessThan(1000);
    expect(clock.now()).toBeGreaterThanOrEqual(first);
  });

  it('goes wrong by as much as a test wants', () => {
    const [right, wrong] = [new HostClock(), new HostClock(-500)];
    expect(wrong.now() - right.now()).toBeCloseTo(-500, 0);
  });
});

describe('an instant on another host', () => {
  it('is the same moment there: to a microsecond on a machine that reads one clock, however the two were set', () => {
    const [here, there] = [new HostClock(), new HostClock(123_456.789)];
    const offsetMs = there.shiftMs - here.shiftMs;
    const instant = presentInstant(1000);
    const translated = instantThere(instant, here, { shiftMs: there.shiftMs, offsetMs });
    expect(Math.abs(Number(BigInt(translated) - BigInt(instant)))).toBeLessThan(1000);
    expect(clockSince(translated)() - clockSince(instant)()).toBeCloseTo(0, 0);
  });

  it('lies where the monotonic clock of that host was, which began at another time', () => {
    // Here the time of day is the monotonic clock plus 1000 s; there it is plus 400 s, and 30 ms wrong.
    const translated = instantThere('5000000000000', { shiftMs: 1e6 }, { shiftMs: 4e5, offsetMs: 30 });
    expect(translated).toBe(String(5_000_000_000_000n + 600_030_000_000n));
  });
});
