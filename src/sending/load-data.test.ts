import { describe, expect, it } from 'vitest';
import { sampleSource } from '../../test/support/sample-source.ts';
import { scopedText } from '../contract/finding.ts';
import { inTraceOrder } from './prepare.ts';
import type { TaskSamples } from './shape.ts';
import { loadFindings } from './task-findings.ts';

const settings = { seed: 0, durationMs: undefined, pressure: false, cycle: false, workers: 1 };
function traced(timestamps: readonly unknown[]): TaskSamples {
  const source = sampleSource(timestamps.length, { arrival: { kind: 'trace', absolute: false } });
  const rows = source.rows.map(({ index, row }) => ({
    index,
    row: { ...row, timestamp: timestamps[index] },
  }));
  return { ...source, rows };
}

describe('a trace', () => {
  it('asks the rows in the order of their timestamps, each at its own', () => {
    const { rows, timestamps } = inTraceOrder(traced([300, 0, '150.5', 300]), 'data');
    expect(rows.map(({ index }) => index)).toEqual([1, 2, 0, 3]);
    expect([...timestamps!]).toEqual([0, 150.5, 300, 300]);
  });

  it.each([undefined, null, '', 'soon', -1, Number.NaN])('has no row with the timestamp %j', (timestamp) => {
    expect(() => inTraceOrder(traced([1, timestamp]), 'data')).toThrow(
      expect.objectContaining({
        code: 'TINFER-PARAM-006',
        message: expect.stringContaining('row 1 of data'),
      }),
    );
  });

  it('is only what was asked for: other rows stay as they are, with a note', () => {
    const source = { ...traced([3, 1]), model: sampleSource(1).model };
    expect(inTraceOrder(source, 'data')).toBe(source);
    expect(loadFindings(source, settings)).toMatchObject([{ code: 'TIMESTAMPS-UNUSED', level: 'degraded' }]);
    expect(loadFindings(traced([3, 1]), settings)).toEqual([]);
  });
});

describe('steps that ask for more than there is', () => {
  const source = sampleSource(5, {
    arrival: {
      kind: 'paced',
      process: 'constant',
      rates: { shape: 'steps', steps: [{ perSecond: 3, seconds: 2 }] },
    },
  });

  it('are noted, unless the data begins again', () => {
    expect(loadFindings(source, settings).map((one) => scopedText(one))).toEqual([
      'the steps ask for 6 cases and there are 5; --cycle asks them again',
    ]);
    expect(loadFindings(source, { ...settings, cycle: true })).toEqual([]);
  });
});
