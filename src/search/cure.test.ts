import { expect, it } from 'vitest';
import type { HealthFigures } from '../metrics/client-health.ts';
import { findCapacity } from './capacity.ts';
import { cureOf, type Sender } from './cure.ts';
import { capacityLines } from './verdict.ts';

const SENDER: Sender = {
  ...{ cores: 8, isRemote: false, heldBack: 0, askedConcurrency: 1000 },
  ...{ requests: 500, failed: 3 },
};

const limited = (sender: Partial<Sender>, ...client: Partial<HealthFigures>[]) =>
  cureOf(
    { verdict: 'CLIENT-LIMITED', reasons: [], client: client as HealthFigures[] },
    { ...SENDER, ...sender },
  );

it('names more processes as long as there are cores for them', () => {
  const busy = { process: 'main', loopUtilization: 0.9 };
  expect(limited({}, busy)).toMatch(/^send from more processes \(--workers 2\); or end what else/);
  expect(limited({}, busy, busy, busy, busy)).toContain('--workers 7');
  expect(limited({ cores: 2 }, busy)).toMatch(/^end what else runs on this machine, .*taskset.*--workers/);
  expect(limited({ isRemote: true }, busy)).toMatch(/^let more workers send/);
});

it('knows what the client lacks', () => {
  expect(limited({}, { memoryShare: 0.95 })).toMatch(/^use a machine with more memory/);
  expect(limited({}, { descriptorShare: 0.95 })).toMatch(/ulimit -n/);
});

it('of a load that was not delivered names what held it back', () => {
  const cure = (sender: Partial<Sender>) =>
    cureOf({ verdict: 'LOAD NOT DELIVERED', reasons: [], client: [] }, { ...SENDER, ...sender });
  expect(cure({ heldBack: 3 })).toMatch(/^allow more requests in flight than 1000 \(--batch-size\)/);
  expect(cure({ failed: 500, heldBack: 3 })).toMatch(/^mend what the requests failed of; .*--reuse/);
  expect(cure({})).toMatch(/^send from more processes/);
  expect(cureOf({ verdict: 'NOT STEADY', reasons: [], client: [] }, SENDER)).toBeUndefined();
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
    invalid: 'the client is the limit',
    cure: 'send from more processes',
  };
  const result = await findCapacity(async () => spoilt, setting);
  expect(capacityLines(result, [objective], 'rate')).toEqual([
    'Capacity: not known',
    'Ended: a point was no measurement of the service: the client is the limit',
    'To do: send from more processes',
    'Cost: 5 requests in 0 points',
  ]);
});
