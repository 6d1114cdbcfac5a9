import { describe, expect, it } from 'vitest';
import { sampleAnswer, sampleFailure } from '../../test/support/sample-record.ts';
import type { RunRecord } from '../contract/record.ts';
import { RunSummary } from './summary.ts';

const answer = (own: Partial<RunRecord>, ttft: number, attempt = 1): RunRecord => ({
  ...sampleAnswer({
    sent: 0,
    done: 1000,
    events: [
      ['content', ttft],
      ['content', ttft + 10],
    ],
    output: 4,
    attempt,
  }),
  ...(own as object),
});
const failure = (own: Partial<RunRecord>): RunRecord => ({
  ...sampleFailure({ kind: 'connect', message: 'refused' }, { sent: 0, done: 5 }),
  ...(own as object),
});

function groupsOf(...records: RunRecord[]) {
  const summary = new RunSummary({ concurrency: 1 });
  for (const record of records) summary.add(record);
  const { servers, adapters, common } = summary.finish();
  return { servers, adapters, common };
}

describe('groups', () => {
  it('are there only where the run had several', () => {
    const { servers, adapters } = groupsOf(answer({}, 10), failure({}));
    expect([servers, adapters]).toEqual([undefined, undefined]);
  });

  it('count requests and failures by server, in the order of their names', () => {
    const [a, b] = ['http://h:2/', 'http://h:10/'];
    const { servers, common } = groupsOf(
      answer({ server: b }, 30),
      answer({ server: a }, 10),
      answer({ server: a }, 20),
      failure({ server: b }),
    );
    expect(servers).toMatchObject([
      { name: a, requests: 2, failed: 0, ttft: { median: 15 }, e2el: { median: 25, max: 30 } },
      { name: b, requests: 2, failed: 1, ttft: { median: 30 }, e2el: { median: 40 } },
    ]);
    const total = servers!.reduce((sum, { outputTokenThroughput = 0 }) => sum + outputTokenThroughput, 0);
    expect(total).toBeCloseTo(common.find(({ name }) => name === 'Output Token Throughput')!.value!);
  });

  it('leave retried answers out of the times and keep their tokens', () => {
    const server = 'http://h/';
    const { servers } = groupsOf(answer({ server }, 10), answer({ server }, 9000, 2));
    expect(servers).toMatchObject([{ requests: 2, failed: 0, ttft: { max: 10 }, outputTokenThroughput: 8 }]);
  });

  it('tell requests without an adapter from those with one', () => {
    const { adapters } = groupsOf(answer({ adapter: 'a' }, 10), answer({}, 20));
    expect(adapters!.map(({ name, requests }) => [name, requests])).toEqual([
      ['', 1],
      ['a', 1],
    ]);
  });

  it('have no numbers where nothing succeeded', () => {
    const { servers } = groupsOf(failure({ server: 'a' }));
    expect(servers).toEqual([{ name: 'a', requests: 1, failed: 1 }]);
  });
});
