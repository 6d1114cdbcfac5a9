import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clockSince, presentInstant } from '../sending/run-clock.ts';
import { clockOffset, HostClock, instantThere, type RoundTrip, shortestTrip } from './clocks.ts';

const delay = fc.double({ min: 0, max: 400, noNaN: true });
const offset = fc.double({ min: -1e6, max: 1e6, noNaN: true });

/** Round trips one after the other: the other clock is `away` ahead, and goes `drift` faster. */
function trips(
  away: number,
  delays: readonly (readonly [to: number, fro: number])[],
  drift = 0,
): RoundTrip[] {
  let now = 5000;
  return delays.map(([to, fro]) => {
    const sent = now;
    const there = sent + to;
    now = there + fro + 2;
    return { sent, there: there + away + drift * (there - 5000), received: there + fro };
  });
}

describe('the offset of another clock', () => {
  it('is no further from the truth than its bound, whatever the delays', () => {
    fc.assert(
      fc.property(
        offset,
        fc.array(fc.tuple(delay, delay), { minLength: 1, maxLength: 30 }),
        (away, delays) => {
          const { offsetMs, boundMs } = clockOffset(trips(away, delays));
          expect(Math.abs(offsetMs - away)).toBeLessThanOrEqual(boundMs);
        },
      ),
    );
  });

  it('keeps its bound where the clocks drift by as much as quartz may', () => {
    const drift = fc.double({ min: -200e-6, max: 200e-6, noNaN: true });
    fc.assert(
      fc.property(
        offset,
        drift,
        fc.array(fc.tuple(delay, delay), { minLength: 2, maxLength: 30 }),
        (away, rate, delays) => {
          const made = trips(away, delays, rate);
          const { offsetMs, boundMs } = clockOffset(made);
          const end = made.at(-1)!.received;
          for (const at of [5000, (5000 + end) / 2, end]) {
            expect(Math.abs(offsetMs - (away + rate * (at - 5000)))).toBeLessThanOrEqual(boundMs);
          }
        },
      ),
    );
  });

  it('is exact where the quickest ways to and fro took equally long, though never in one trip', () => {
    const { offsetMs } = clockOffset(
      trips(-500, [
        [1, 30],
        [25, 1],
        [40, 12],
      ]),
    );
    expect(offsetMs).toBeCloseTo(-500, 6);
  });

  it('is known no better than the shortest ways allow: a whole round trip apart, half of it is the bound', () => {
    const { offsetMs, boundMs } = clockOffset(
      trips(0, [
        [10, 2],
        [30, 5],
      ]),
    );
    expect(offsetMs).toBeCloseTo(4, 6);
    expect(boundMs).toBeGreaterThanOrEqual(6);
    expect(boundMs).toBeLessThan(6.1);
  });

  it('has a bound that more trips never widen but by their drift', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(delay, delay), { minLength: 2, maxLength: 20 }), (delays) => {
        const made = trips(12, delays);
        const [few, all] = [clockOffset(made.slice(0, 1)), clockOffset(made)];
        expect(all.boundMs).toBeLessThanOrEqual(few.boundMs + 200e-6 * (made.at(-1)!.received - 5000) + 1e-9);
        expect(shortestTrip(made)).toBeLessThanOrEqual(made[0]!.received - made[0]!.sent);
      }),
    );
  });

  it('needs a round trip', () => {
    expect(() => clockOffset([])).toThrow();
  });
});

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
