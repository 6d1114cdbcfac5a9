import { expect, it } from 'vitest';
import { type Finding, finding, renderFinding } from '../contract/finding.ts';
import type { HealthFigures } from '../metrics/client-health.ts';
import { say } from '../report/words.ts';
import { findCapacity } from './capacity.ts';
import { capacityLines, searchEnd } from './point-table.ts';
import { pointCure, type Sender } from './probe.ts';

const SENDER: Sender = {
  ...{ cores: 8, isRemote: false, heldBack: 0, askedConcurrency: 1000 },
  ...{ requests: 500, failed: 3 },
};

const cureText = (one: Finding | undefined) => one && `${one.code}: ${renderFinding(one, 'en').cure}`;

const limited = (sender: Partial<Sender>, ...client: Partial<HealthFigures>[]) =>
  cureText(
    pointCure(
      { verdict: 'CLIENT-LIMITED', findings: [], client: client as HealthFigures[] },
      { ...SENDER, ...sender },
    ),
  );

it('names more processes as long as there are cores for them', () => {
  const busy = { process: 'main', loopUtilization: 0.9 };
  expect(limited({}, busy)).toMatch(/^MORE-ROOM: send from more processes \(--workers 2\); or end what else/);
  expect(limited({}, busy, busy, busy, busy)).toContain('--workers 7');
  expect(limited({ cores: 2 }, busy)).toMatch(
    /^MORE-ROOM: end what else runs on this machine, .*taskset.*--workers/,
  );
  expect(limited({ isRemote: true }, busy)).toMatch(/^MORE-WORKERS: let more workers send/);
});

it('knows what the client lacks', () => {
  expect(limited({}, { memoryShare: 0.95 })).toMatch(/^MORE-MEMORY: use a machine with more memory/);
  expect(limited({}, { descriptorShare: 0.95 })).toMatch(/^MORE-DESCRIPTORS: .*ulimit -n/);
});

it('of a load that was not delivered names what held it back', () => {
  const cure = (sender: Partial<Sender>) =>
    cureText(
      pointCure({ verdict: 'LOAD NOT DELIVERED', findings: [], client: [] }, { ...SENDER, ...sender }),
    );
  expect(cure({ heldBack: 3 })).toMatch(
    /^MORE-IN-FLIGHT: allow more requests in flight than 1000 \(--batch-size\)/,
  );
  expect(cure({ failed: 500, heldBack: 3 })).toMatch(
    /^MEND-FAILURES: mend what the requests failed of; .*--reuse/,
  );
  expect(cure({})).toMatch(/^MORE-ROOM: send from more processes/);
  expect(pointCure({ verdict: 'NOT STEADY', findings: [], client: [] }, SENDER)).toBeUndefined();
});

it('stands in what the search says, behind why it ended', async () => {
  const objective = { name: 'ttft.p99=2s', limits: { ttft: 2000 }, share: 0.99 };
  const setting = {
    ...{ objectives: [objective], whole: false, start: 1, requests: 100, budget: 500 },
    ...{ precision: 0.03, deepest: 64, highest: 100 },
  };
  const spoilt = {
    requests: 5,
    bad: [],
    invalid: finding('POINT-CLIENT-LIMITED', {
      why: finding('LATE-REQUESTS', { late: 2, sent: 64, lag: 4.29, limit: 3 }),
    }),
    cure: finding('MORE-ROOM', { processes: 2 }),
  };
  const result = await findCapacity(async () => spoilt, setting);
  expect(result.reason?.code).toBe('POINT-CLIENT-LIMITED');
  expect(searchEnd(result).code).toBe('SEARCH-SPOILT');
  expect(capacityLines(result, [objective], 'rate').map((text) => say(text))).toEqual([
    'Capacity: not known',
    'Ended: a point was no measurement of the service: the client is the limit: 2 of 64 requests left late: lag P99 4.29 ms > 3 ms',
    'To do: send from more processes (--workers 2); or end what else runs on this machine, or give service and client cores of their own (taskset); or let other machines send (--workers GROUP:N), or end at a lower load (--to)',
    'Cost: 5 requests in 0 points',
  ]);
});

it.each([
  ['precise', 'SEARCH-PRECISE'],
  ['budget', 'SEARCH-BUDGET'],
  ['lowest', 'SEARCH-LOWEST'],
  ['highest', 'SEARCH-HIGHEST'],
  ['interrupted', 'SEARCH-INTERRUPTED'],
] as const)('a search that ended with %s says %s', (end, code) => {
  expect(searchEnd({ end }).code).toBe(code);
});

it('a burst of which nothing was answered ends the search', async () => {
  const objective = { name: 'ttft.p99=2s', limits: { ttft: 2000 }, share: 0.99 };
  const setting = {
    ...{ objectives: [objective], whole: false, start: undefined, requests: 100, budget: 500 },
    ...{ precision: 0.03, deepest: 64, highest: 100 },
  };
  const { end, reason } = await findCapacity(async () => ({ requests: 9, bad: [] }), setting);
  expect({ end, code: reason?.code }).toEqual({ end: 'invalid', code: 'NO-ANSWER-IN-FIRST-POINT' });
});
