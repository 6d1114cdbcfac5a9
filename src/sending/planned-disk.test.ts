import { describe, expect, it } from 'vitest';
import { sampleAnswer } from '../../test/support/sample-record.ts';
import { encodeRecord, encodeTranscript } from '../contract/record-codec.ts';
import { diskFindings, plannedDisk } from './preflight.ts';

const SETTINGS = { seed: 0, durationMs: undefined, pressure: false, cycle: false, workers: 1 };

function source(own: object = {}, stream = true): Parameters<typeof plannedDisk>[0] {
  const call = { prompt: 'x'.repeat(998), maxOutLen: 100 };
  return {
    model: { repetitions: 1, concurrency: 4, arrival: { kind: 'closed' }, options: { stream } },
    rows: Array.from({ length: 1000 }, (_, index) => ({ index, row: {} })),
    shape: { countRequests: () => 1, makeRun: () => ({ first: call }) },
    ...own,
  } as any;
}

describe('what a run writes', () => {
  it('is what its requests write: at least their prompts, at most answers of full length', () => {
    expect(plannedDisk(source(), SETTINGS)).toEqual({ least: 1.8e6, most: 1.8e6 + 1.9e6 });
    expect(plannedDisk(source({}, false), SETTINGS)).toEqual({ least: 1.8e6, most: 1.8e6 + 1e6 });
    expect(plannedDisk(source(), { ...SETTINGS, cases: 10 })!.least).toBe(18_000);
  });

  it('is not known of a closed loop that only time ends, and known of one that is paced', () => {
    const forever = { ...SETTINGS, cycle: true, durationMs: 60_000 };
    expect(plannedDisk(source(), forever)).toBeUndefined();
    const paced = { kind: 'paced', process: 'constant', rates: { shape: 'fixed', perSecond: 10 } };
    const model = { ...source().model, arrival: paced };
    expect(plannedDisk(source({ model }), forever)!.least).toBeCloseTo(600 * 1800, -3);
  });

  it('lies between what the codecs make of an empty and of a full answer', () => {
    const content = 'word '.repeat(100).trim();
    const prompt = 'x'.repeat(998);
    const bytes = (text: string, events: number) => {
      const arrivals = Array.from({ length: events }, (_, n) => ['content', 20.123 * n, 1] as const);
      const record = sampleAnswer({ events: arrivals.map((one) => [...one]), input: 300, output: events });
      const transcript = {
        call: record.call,
        success: true,
        prompt,
        content: text,
        reasoningContent: '',
        toolCalls: [],
        gold: '18',
      };
      return encodeRecord(record).length + encodeTranscript(transcript).length + 2;
    };
    const { least, most } = plannedDisk(source(), SETTINGS)!;
    expect(1000 * bytes('', 1)).toBeGreaterThan(0.8 * least);
    expect(1000 * bytes('', 1)).toBeLessThan(1.2 * least);
    expect(1000 * bytes(content, 100)).toBeGreaterThan(0.8 * most);
    expect(1000 * bytes(content, 100)).toBeLessThan(1.2 * most);
  });
});

describe('held against the disk', () => {
  const planned = [
    { least: 1e9, most: 5e9 },
    { least: 2e9, most: 10e9 },
  ];
  const found = (free: number, continues = false) => [
    ...diskFindings(planned, { folder: '/out', free, continues }),
  ];

  it('it fits, may not fit, or does not', () => {
    expect(found(17e9)).toEqual([]);
    expect(found(16e9)).toMatchObject([
      { severity: 'warning', what: expect.stringContaining('up to 15 GB'), where: '/out' },
    ]);
    expect(found(2.9e9)).toMatchObject([
      { severity: 'error', what: expect.stringMatching(/about 3 GB at least; 2\.9 GB are free/) },
    ]);
  });

  it('a run that goes on is warned only', () => {
    expect(found(2.9e9, true)).toMatchObject([{ severity: 'warning' }]);
  });
});
