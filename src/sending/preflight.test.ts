import { describe, expect, it } from 'vitest';
import type { Ceiling, MachineLimits } from './machine-limits.ts';
import { type PlannedLoad, preflight } from './preflight.ts';

const LIMITS: MachineLimits = {
  descriptors: { soft: 1048, hard: 4096 },
  ports: 5000,
  memory: 8e9,
  cores: 4,
};

const CEILING: Ceiling = {
  measuredAt: '2026-03-01T10:00:00.000Z',
  node: 'v20',
  tool: '1',
  cores: 4,
  requests: { perSecond: 1000, cpu: 1, isAtLeast: false },
  events: { perSecond: 900_000, cpu: 0.5, isAtLeast: true },
  eventsOneByOne: 100_000,
  streams: { perProcess: 1000, perDestination: 5000, perMachine: 3000, bytesEach: 2_400_000 },
  stamps: { median: 0.1, p99: 0.5, events: 1000, streams: 64, eventsPerSecond: 3200 },
};

function load(own: Partial<PlannedLoad>): PlannedLoad {
  const { inFlight = 10 } = own;
  return {
    name: 'm × d',
    workers: 1,
    inFlight,
    isReached: true,
    perAddress: inFlight,
    mostEvents: 100,
    ...own,
  };
}

const found = (own: Partial<PlannedLoad>, limits: Partial<MachineLimits> = {}, ceiling?: Ceiling) =>
  preflight(load(own), { ...LIMITS, ...limits }, ceiling).map(
    ({ severity, where, what, cure }) => `${severity} ${where}: ${what}: ${cure}`,
  );

describe('limits that are always checked', () => {
  it.each([
    ['a small load', load({})],
    ['as many streams as there are descriptors', load({ inFlight: 1000 })],
    ['twice as many from two processes', load({ inFlight: 2000, workers: 2 })],
    ['many streams over few connections', load({ inFlight: 4000, perAddress: 0 })],
    ['as many connections as there are ports', load({ inFlight: 5000, workers: 5 })],
  ])('let %s pass', (_, given) => {
    expect(preflight(given, LIMITS)).toEqual([]);
  });

  it('say nothing of what the platform does not tell', () => {
    expect(preflight(load({ inFlight: 90_000 }), { memory: 1e12, cores: 1 })).toEqual([]);
  });

  it('refuse more streams than descriptors, and name both cures', () => {
    expect(found({ inFlight: 1001 })).toEqual([
      'error ulimit -n: m × d: 1001 requests in flight need 1049 descriptors, 1048 are allowed: allow more: ulimit -n 1049 or spread it: --workers 2',
    ]);
  });

  it('count what each process holds', () => {
    const [finding] = found({ inFlight: 3001, workers: 3 });
    expect(finding).toContain('1001 requests in flight in each of 3 processes need 1049 descriptors');
    expect(finding).toContain('--workers 4');
  });

  it('say where only root can raise the limit, and where no process could hold a stream', () => {
    const [finding] = found({ inFlight: 30 }, { descriptors: { soft: 40, hard: 64 } });
    expect(finding).toContain('ulimit -n 78 (root must raise the hard limit first)');
    expect(finding).not.toContain('--workers');
  });

  it('warn only where an open loop need not get there', () => {
    const [descriptors, ports] = found({ inFlight: 6000, isReached: false });
    expect(descriptors).toMatch(/^warning ulimit -n/);
    expect(ports).toMatch(/^warning \/proc\/sys\/net/);
  });

  it('refuse more connections to one address than there are ports', () => {
    const [finding, ...others] = found({ inFlight: 6000, workers: 8, perAddress: 5001 });
    expect(finding).toMatch(/^error \/proc\S+: m × d: 5001 connections to one address, 5000 ports are there/);
    expect(others).toEqual([]);
  });

  it('warn of the events that replies in flight may have', () => {
    const [finding] = found({ inFlight: 100, mostEvents: 4_000_000 });
    expect(finding).toMatch(/^warning max_out_len: .*may take 9\.6 GB of 8 GB/);
    expect(found({ inFlight: 100, mostEvents: 3_000_000 })).toEqual([]);
  });
});

describe('70 % of what a self-test reached', () => {
  it.each([
    ['a rate below', load({ requestsPerSecond: 700 })],
    ['a rate below that of two processes', load({ requestsPerSecond: 1400, workers: 2 })],
    ['events below', load({ requestsPerSecond: 7, eventsPerSecond: 70_000 })],
    ['streams below', load({ inFlight: 700 })],
    ['no rate', load({})],
  ])('let %s pass', (_, given) => {
    expect(preflight(given, LIMITS, CEILING)).toEqual([]);
  });

  it('warns of a higher rate, and says how many workers can send it', () => {
    expect(found({ requestsPerSecond: 800 }, {}, CEILING)).toEqual([
      'warning ais_bench selftest: m × d: 800 requests/s are 80 % of the 1000 that 1 process managed in the self-test of 2026-03-01: use --workers 2',
    ]);
  });

  it('says where the ceiling is a lower one', () => {
    const ceiling = { ...CEILING, requests: { ...CEILING.requests, isAtLeast: true } };
    expect(found({ requestsPerSecond: 800 }, {}, ceiling)[0]).toContain('80 % of the at least 1000');
  });

  it('names another machine where this one has too few cores', () => {
    const [finding] = found({ requestsPerSecond: 3000 }, {}, CEILING);
    expect(finding).toContain('300 % of the 1000');
    expect(finding).toContain('use a machine with more cores');
  });

  it('does not take more processes than cores for more', () => {
    const [finding] = found({ requestsPerSecond: 3000, workers: 16, inFlight: 16 }, {}, CEILING);
    expect(finding).toContain('75 % of the 4000 that 4 processes managed');
  });

  it('warns of events by what they take one by one', () => {
    const [finding] = found({ requestsPerSecond: 10, eventsPerSecond: 80_000 }, {}, CEILING);
    expect(finding).toContain('80000 events/s (one a token) are 80 % of the about 100000');
  });

  it.each([
    ['descriptors', load({ inFlight: 701 }), '701 streams are 70 % of the 1000', '--workers 2'],
    ['ports to one address', load({ inFlight: 4000, workers: 6 }), '', ''],
    ['memory', load({ inFlight: 2400, workers: 4 }), '2400 streams are 80 % of the 3000', 'another machine'],
  ] as const)('warns of %s', (limit, given, what, cure) => {
    const ceiling = limit === 'memory' ? CEILING : { ...CEILING, streams: {} };
    const [finding, ...others] = preflight(given, LIMITS, ceiling);
    expect(finding?.what).toContain(`(${limit})`);
    expect(finding?.what).toContain(what);
    expect(finding?.cure).toContain(cure);
    expect(others).toEqual([]);
  });

  it('says only once that there are too few descriptors', () => {
    expect(found({ inFlight: 1200 }, {}, CEILING)).toHaveLength(1);
  });
});
