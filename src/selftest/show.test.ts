import { expect, it } from 'vitest';
import { renderTerminal } from '../report/terminal.ts';
import { displayWidth } from '../report/text.ts';
import type { Ceiling } from '../sending/machine-limits.ts';
import { selfTestTable } from './self-test.ts';

const CEILING: Ceiling = {
  measuredAt: '2026-03-01T10:20:30.000Z',
  node: 'v22.1.0',
  tool: '1.2.3',
  cores: 64,
  requests: { perSecond: 12_345.6, cpu: 0.98, isAtLeast: false },
  events: { perSecond: 1_534_567, cpu: 0.61, isAtLeast: true },
  eventsOneByOne: 181_234,
  streams: { perDestination: 28_232 },
  stamps: { median: 0.0241, p99: 0.4999, events: 38_400, streams: 128, eventsPerSecond: 12_800 },
};

const shown = (ceiling: Ceiling) =>
  renderTerminal([selfTestTable(ceiling, 0.7)], [], { color: false, width: 80 });

it('shows a self-test in 80 columns', () => {
  const text = shown(CEILING);
  expect(text.split('\n').filter((line) => displayWidth(line) > 80)).toEqual([]);
  for (const part of [
    '2026-03-01 10:20 UTC',
    'Node v22.1.0',
    '64 cores',
    '12300',
    '≥ 1530000',
    'about 181000',
  ])
    expect(text.replace(/\n/g, ' ')).toContain(part);
  expect(text).toMatch(/^streams a process +n\/a /m);
  expect(text).toMatch(/^stamp error, P99 +0\.500 ms/m);
  expect(text).toContain('more than 70 %');
});

it('explains ≥ only where it stands', () => {
  const whole = { ...CEILING, events: { ...CEILING.events, isAtLeast: false } };
  expect(shown(CEILING)).toContain('≥: this process had CPU to spare');
  expect(shown(whole)).not.toContain('≥');
});
