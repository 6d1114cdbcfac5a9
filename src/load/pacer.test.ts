import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Arrival, ArrivalFunction, PacedArrival, RateProfile } from './arrival.ts';
import { isPaced } from './arrival.ts';
import { aisbenchOffsets, constantRate, makePacer, type PacerOptions, targetRate } from './pacer.ts';

const FOREVER = Number.POSITIVE_INFINITY;

const setting = (own: Partial<PacerOptions> = {}): PacerOptions => ({
  count: FOREVER,
  rampCount: own.count ?? 100,
  seed: 0,
  durationMs: FOREVER,
  ...own,
});

const fixed = (perSecond: number): RateProfile => ({ shape: 'fixed', perSecond });
const paced = (process: PacedArrival['process'], rates: RateProfile, burstiness?: number): PacedArrival => ({
  kind: 'paced',
  process,
  rates,
  ...(burstiness === undefined ? {} : { burstiness }),
});
const offsetsOf = (arrival: Arrival, count: number, own: Partial<PacerOptions> = {}) => {
  const pacer = makePacer(arrival, setting({ count, ...own }));
  return Array.from({ length: count + 1 }, (_, n) => pacer(n));
};

describe('a closed loop', () => {
  it('lets every slot open at once, and no more than there are', () => {
    expect(offsetsOf({ kind: 'closed' }, 3)).toEqual([0, 0, 0, undefined]);
  });
});

describe('an arrival of the user’s own', () => {
  const own: Arrival = {
    kind: 'own',
    function: { module: './mine.ts', export: 'mine', name: 'mine' },
    perSecond: 7,
  };
  const made = (times: ArrivalFunction, count: number, more: Partial<PacerOptions> = {}) =>
    offsetsOf(own, count, { own: times, ...more });

  it('is its list or its function, within the limits of the load', () => {
    const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(
        times,
        fc.nat(40),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (list, count, durationMs) => {
          const sorted = Float64Array.from(list).sort();
          const expected = Array.from({ length: count + 1 }, (_, n) =>
            n < count && sorted[n]! < durationMs ? sorted[n] : undefined,
          );
          expect(made(() => sorted, count, { durationMs })).toEqual(expected);
          expect(made(() => (n) => sorted[n], count, { durationMs })).toEqual(expected);
        },
      ),
    );
  });

  it('is told the load', () => {
    let load: unknown;
    const times: ArrivalFunction = (given) => {
      load = given;
      return [];
    };
    made(times, 4, { seed: 3, durationMs: 9 });
    expect(load).toEqual({ count: 4, seed: 3, durationMs: 9, perSecond: 7 });
  });

  it('has the rate of its times, or the one that is asked for where it has too few', () => {
    const rate = (times: ArrivalFunction) =>
      targetRate(own, setting({ count: 11, rampCount: 11, own: times }));
    expect(rate(() => (n) => 50 * n)).toBe(20);
    expect(rate(() => [1, 2])).toBe(7);
  });

  it.each([
    [() => [0, 5, 4], 'gives request 2 the time 4, and request 1 5'],
    [() => [Number.NaN], 'gives request 0 the time NaN'],
    [() => [-1], 'gives request 0 the time -1'],
    [() => () => '3', 'gives request 0 the time 3'],
    [() => 3, 'returned number'],
    [() => fail('no luck'), 'threw: no luck'],
    [() => () => fail('later'), 'threw: later'],
  ])('%o is refused', (times, message) => {
    expect(() => made(times as unknown as ArrivalFunction, 3)).toThrow(
      expect.objectContaining({ code: 'RUN-PARAM-002', message: `the arrival "mine" ${message}` }),
    );
  });
});

function fail(message: string): never {
  throw new Error(message);
}

describe('a constant rate', () => {
  it.each([
    [4, [0, 250, 500, undefined]],
    [0.5, [0, 2000, 4000, undefined]],
    [1000, [0, 1, 2, undefined]],
  ])('of %d requests per second', (rate, expected) => {
    expect(offsetsOf(paced('constant', fixed(rate)), 3)).toEqual(expected);
  });

  it('does not drift: request n leaves n/rate seconds after the first', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e6 }), fc.double({ min: 0.1, max: 1e5, noNaN: true }), (n, rate) => {
        expect(constantRate(rate)(n)).toBeCloseTo((n * 1000) / rate, 6);
      }),
    );
  });

  it.each([
    [0, false],
    [0.0009, false],
    [0.001, true],
    [0.09, true],
    [5, true],
    [Number.NaN, false],
  ])('AISBench’s request_rate %d is paced: %s', (rate, isIt) => {
    expect(isPaced(rate, undefined)).toBe(isIt);
  });
});

describe('a ramp', () => {
  it.each([
    ['linear', [0, 250, 416.667, 541.667]],
    ['exponential', [0, 314.98, 513.405, 638.405]],
  ] as const)('%s from 2 to 8 has AISBench’s gaps (C.3), its first request at once', (shape, expected) => {
    const offsets = offsetsOf(paced('constant', { shape, from: 2, to: 8 }), 4).slice(0, 4);
    for (const [n, offset] of offsets.entries()) expect(offset).toBeCloseTo(expected[n]!, 2);
  });

  it('from 0 begins at once, and after its last request the last rate holds', () => {
    const pacer = makePacer(
      paced('constant', { shape: 'linear', from: 0, to: 10 }),
      setting({ rampCount: 3 }),
    );
    expect([0, 1, 2, 3, 4].map(pacer)).toEqual([0, 200, 300, 400, 500]);
  });
});

describe('steps', () => {
  const steps = {
    shape: 'steps',
    steps: [10, 0, 20].map((perSecond) => ({ perSecond, seconds: 0.3 })),
  } as const;

  it('go from one rate to the next and end with the last', () => {
    expect(offsetsOf(paced('constant', steps), 10).map((at) => at && Math.round(at))).toEqual([
      0,
      100,
      200,
      600,
      650,
      700,
      750,
      800,
      850,
      undefined,
      undefined,
    ]);
  });

  it('with Poisson arrivals have as many as each step asks for', () => {
    const long = {
      shape: 'steps',
      steps: [
        { perSecond: 50, seconds: 100 },
        { perSecond: 200, seconds: 100 },
      ],
    } as const;
    const offsets = offsetsOf(paced('poisson', long), 30_000).filter((at) => at !== undefined);
    const early = offsets.filter((at) => at < 100_000).length;
    expect(Math.abs(early - 5000)).toBeLessThan(4 * Math.sqrt(5000));
    expect(Math.abs(offsets.length - early - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
    expect(offsets.at(-1)).toBeLessThan(200_000);
  });
});

describe('a trace', () => {
  const timestamps = { at: Float64Array.of(500, 700, 700, 1900), perTimestamp: 2 };

  it.each([
    [false, [0, 0, 200, 200, 200, 200, 1400, 1400]],
    [true, [500, 500, 700, 700, 700, 700, 1900, 1900]],
  ])('has each row’s own time, absolute: %s', (absolute, expected) => {
    expect(offsetsOf({ kind: 'trace', absolute }, 8, { timestamps })).toEqual([...expected, undefined]);
  });

  it('is over after its last row', () => {
    expect(makePacer({ kind: 'trace', absolute: false }, setting({ timestamps }))(8)).toBeUndefined();
  });
});

describe('Poisson with N requests in exactly N/rate seconds', () => {
  it('ends there, whatever the seed', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 500 }), (seed, count) => {
        const offsets = offsetsOf(paced('poisson-exact', fixed(20)), count, { seed });
        expect(offsets.pop()).toBeUndefined();
        expect(offsets.every((at) => at! > 0 && at! < count * 50)).toBe(true);
      }),
    );
  });

  it('takes the number from the duration where only that ends the load', () => {
    const pacer = makePacer(paced('poisson-exact', fixed(20)), setting({ durationMs: 10_000 }));
    expect(pacer(199)).toBeLessThan(10_000);
    expect(pacer(200)).toBeUndefined();
  });
});

describe('AISBench’s own schedule', () => {
  const cumulative = (rates: RateProfile, burstiness: number, count: number, seed = 0) => {
    const next = aisbenchOffsets({ rates, burstiness, count, seed })();
    return Array.from({ length: count }, () => next()! / 1000);
  };

  it.each([
    ['linear', [0.5, 0.75, 0.916667, 1.041667]],
    ['exponential', [0.5, 0.81498, 1.013405, 1.138405]],
  ] as const)('ramps %s from 2 to 8 as C.3, and fires late by the first offset', (shape, expected) => {
    const rates = { shape, from: 2, to: 8 };
    const found = cumulative(rates, 0, 4);
    const fired = offsetsOf(paced('aisbench', rates, 0), 4).slice(0, 4);
    for (const [n, offset] of expected.entries()) {
      expect(found[n]).toBeCloseTo(offset, 5);
      expect(fired[n]! / 1000).toBeCloseTo(offset + 0.5, 5);
    }
  });

  it('paces a fixed rate as C.4, and stretches random gaps to the same end', () => {
    const [even, random] = [cumulative(fixed(10), 0, 5), cumulative(fixed(10), 1, 5, 7)];
    for (const n of even.keys()) expect(even[n]).toBeCloseTo((n + 1) / 10, 12);
    expect(random.at(-1)).toBeCloseTo(0.5, 12);
    expect(random).not.toEqual(even);
  });

  it('draws Poisson gaps where no burstiness is given, as its code does', () => {
    const pacer = (burstiness?: number) => offsetsOf(paced('aisbench', fixed(10), burstiness), 20);
    expect(pacer()).toEqual(pacer(1));
    expect(pacer()).not.toEqual(pacer(0));
  });
});

const rates: fc.Arbitrary<RateProfile> = fc.oneof(
  fc.double({ min: 0.1, max: 5000, noNaN: true }).map(fixed),
  fc.record({
    shape: fc.constantFrom('linear' as const, 'exponential' as const),
    from: fc.double({ min: 0, max: 50, noNaN: true }),
    to: fc.double({ min: 50, max: 500, noNaN: true }),
  }),
  fc
    .array(fc.record({ perSecond: fc.nat({ max: 100 }), seconds: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((steps) => ({ shape: 'steps' as const, steps })),
);
const arrivals = fc.oneof(
  fc.record({
    kind: fc.constant('paced' as const),
    process: fc.constantFrom('constant' as const, 'poisson' as const, 'gamma' as const),
    burstiness: fc.double({ min: 0.1, max: 20, noNaN: true }),
    rates,
  }),
  fc.record({
    kind: fc.constant('paced' as const),
    process: fc.constantFrom('poisson-exact' as const, 'aisbench' as const),
    burstiness: fc.double({ min: 0.1, max: 20, noNaN: true }),
    rates: fc.double({ min: 0.1, max: 5000, noNaN: true }).map(fixed),
  }),
);

describe('every pacer', () => {
  it('never goes back, ends by count and time for good, and answers alike in any order', () => {
    const order = fc.array(fc.nat({ max: 120 }), { maxLength: 30 });
    const limits = fc.record({ seed: fc.nat(), durationMs: fc.constantFrom(FOREVER, 0, 500, 20_000) });
    fc.assert(
      fc.property(arrivals, limits, order, (arrival, own, asked) => {
        const offsets = offsetsOf(arrival, 100, own);
        const end = offsets.indexOf(undefined);
        expect(offsets.slice(end).every((at) => at === undefined)).toBe(true);
        const sent = offsets.slice(0, end) as number[];
        expect(sent.every((at, n) => at >= (sent[n - 1] ?? 0) && at < own.durationMs)).toBe(true);
        const again = makePacer(arrival, setting({ count: 100, ...own }));
        for (const n of asked) expect(again(n)).toBe(offsets[n]);
      }),
    );
  });
});

describe('askedRate', () => {
  it.each([
    [{ kind: 'closed' }, undefined],
    [paced('poisson', fixed(7)), 7],
    [
      paced('constant', {
        shape: 'steps',
        steps: [
          { perSecond: 10, seconds: 30 },
          { perSecond: 40, seconds: 10 },
        ],
      }),
      17.5,
    ],
    [paced('gamma', { shape: 'linear', from: 2, to: 8 }, 0.5), 3 / 0.541667],
    [{ kind: 'trace', absolute: true }, 3 / 1.4],
  ] as [Arrival, number | undefined][])('of %j is %s', (arrival, expected) => {
    const timestamps = { at: Float64Array.of(500, 700, 700, 1900), perTimestamp: 1 };
    const rate = targetRate(arrival, setting({ count: 4, timestamps }));
    if (expected === undefined) expect(rate).toBeUndefined();
    else expect(rate).toBeCloseTo(expected, 3);
  });
});
