import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeRecord } from '../contract/record-codec.ts';
import { RunControl } from '../sending/control.ts';
import { clockSince, presentInstant } from '../sending/run-clock.ts';
import {
  cpuOfEvent,
  measureEvents,
  measureOneByOne,
  measureRequests,
  measureStamps,
  measureStreams,
  type PhaseContext,
  stampErrors,
} from './self-test.ts';
import { TruthServer } from './truth-server.ts';

/** A truth server in this process: the figures are poor, and real. */
async function setting(own: Partial<PhaseContext> = {}): Promise<PhaseContext> {
  const server = new TruthServer();
  const folder = mkdtempSync(join(tmpdir(), 'ais-bench-measure-'));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const origin = presentInstant();
  const port = await server.listen();
  return {
    truth: { port, obey: async (order) => server.obey(order), report: async () => server.report() },
    clock: clockSince(origin),
    origin,
    folder,
    control: new RunControl(),
    limits: { descriptors: { soft: 60, hard: 60 }, ports: 500, memory: 8e9, cores: 2 },
    phaseMs: 60,
    streams: 100,
    ...own,
  };
}

const recordsIn = (folder: string) =>
  readFileSync(join(folder, 'records.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => decodeRecord(line, folder));

describe('a phase', () => {
  it('holds no more streams than this process may, and says by what they are limited', async () => {
    const given = await setting();
    expect(await measureStreams(given)).toMatchObject({ perProcess: 12, perDestination: 500 });
    expect(recordsIn(given.folder)).toHaveLength(12);
  });

  it('sends requests until its time is over', async () => {
    const given = await setting();
    const { perSecond, cpu } = await measureRequests(given);
    const records = recordsIn(given.folder);
    const times = records.map((record) => record.times);
    const from = Math.min(...times.map(({ sent = 0 }) => sent));
    const to = Math.max(...times.map(({ done = 0 }) => done));
    expect(perSecond).toBeCloseTo((1000 * records.length) / (to - from), 0);
    expect(cpu).toBeGreaterThan(0);
  });

  it('counts events', async () => {
    expect((await measureEvents(await setting())).perSecond).toBeGreaterThan(1000);
    expect(await measureOneByOne(await setting())).toBeGreaterThan(100);
  });

  it('compares stamps with the log', async () => {
    const { median, p99, events, streams } = await measureStamps(await setting());
    expect([streams, events]).toEqual([12, 12 * 6]);
    expect(median).toBeGreaterThan(0);
    expect(p99).toBeGreaterThanOrEqual(median);
  });

  it('fails when a request does', async () => {
    const given = await setting();
    const truth = { ...given.truth, port: 1 };
    await expect(measureRequests({ ...given, truth })).rejects.toThrow(
      /a request of the self-test failed: .*refused/i,
    );
  });
});

describe('the error of stamps', () => {
  it('is arrival less sending, whatever the order of arrivals', () => {
    const streams = fc.array(fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(streams, fc.integer({ min: 0, max: 1000 }), (sent, late) => {
        const arrivals = sent.map((times, n): [number, Float64Array] => [
          n,
          Float64Array.from([0, ...times.map((at) => at + late + n), 2e6]),
        ]);
        const errors = stampErrors(sent.flat(), new Map(arrivals.reverse()), 3);
        const expected = sent.flatMap((_, n) => Array(3).fill(late + n));
        expect(errors.sort((a, b) => a - b)).toEqual(expected);
      }),
    );
  });
});

describe('the CPU of an event', () => {
  it('leaves out what was used before the first of them', () => {
    const readings = [
      { at: 0, used: 100 },
      { at: 10, used: 700 },
      { at: 20, used: 710 },
      { at: 30, used: 730 },
    ];
    expect(cpuOfEvent([5, 12, 15, 21, 29], readings)).toBe(30 / 4);
    expect(cpuOfEvent([12, 21, 29], readings)).toBe(20 / 2);
  });
});
