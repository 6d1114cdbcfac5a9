import { describe, expect, it } from 'vitest';
import {
  type Answering,
  reply,
  sampleSource,
  sampleTarget,
  sampleWire,
} from '../../test/support/sample-source.ts';
import type { RunRecord } from '../record.ts';
import { fakeClock } from '../testing/index.ts';
import type { CallSource } from './calls.ts';
import { RunControl } from './control.ts';
import { runTask, warmUp } from './run-task.ts';

const clock = fakeClock();
const yes: Answering = (sink) => reply(sink, clock, { said: 'yes', tokens: 2 });
const no: Answering = (sink, n) => reply(sink, clock, { error: `no ${n}` }, 400);

async function run(source: CallSource, answer: Answering, control = new RunControl()) {
  const wire = sampleWire(clock, answer, control.signal);
  const records: RunRecord[] = [];
  const progress = { total: 0, done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
  const sink = { record: (record: RunRecord) => void records.push(record), transcript: () => {} };
  const service = { wire, pick: () => sampleTarget() };
  const outcome = await runTask(source, service, sink, control, progress);
  return { outcome, records, progress, sent: wire.sent.length };
}

describe('runTask', () => {
  it('puts every call through, and counts', async () => {
    const { outcome, records, progress } = await run(
      sampleSource(30, { concurrency: 4, repetitions: 2 }),
      yes,
    );
    expect(outcome).toEqual({ planned: 60, sent: 60, stopped: undefined });
    expect(new Set(records.map(({ call }) => call.id)).size).toBe(60);
    expect(progress).toMatchObject({ done: 60, failed: 0, inFlight: 0, outputTokens: 120 });
  });

  it.each([1, 8])(
    'gives up after 20 failures when nothing ever succeeded (%i in flight)',
    async (concurrency) => {
      const { outcome, records, sent } = await run(sampleSource(200, { concurrency }), no);
      expect(outcome).toMatchObject({ planned: 200, stopped: 'gave-up' });
      expect(sent).toBe(outcome.sent);
      expect(sent).toBeGreaterThanOrEqual(20);
      expect(sent).toBeLessThan(20 + concurrency);
      expect(records).toHaveLength(sent);
    },
  );

  it('does not give up once something succeeded, nor on a load that is over anyway', async () => {
    const first: Answering = (sink, n, request) => (n === 0 ? yes : no)(sink, n, request);
    expect((await run(sampleSource(60), first)).outcome).toEqual({
      planned: 60,
      sent: 60,
      stopped: undefined,
    });
    expect((await run(sampleSource(20), no)).outcome).toEqual({ planned: 20, sent: 20, stopped: undefined });
  });

  it('after drain sends nothing more, and what is in flight finishes', async () => {
    const control = new RunControl();
    const draining: Answering = (sink, n, request) => {
      if (n === 5) control.drain();
      setImmediate(() => yes(sink, n, request));
    };
    const { outcome, records } = await run(sampleSource(100, { concurrency: 3 }), draining, control);
    expect(outcome.stopped).toBe('interrupted');
    expect(outcome.sent).toBeLessThan(12);
    expect(records).toHaveLength(outcome.sent);
    expect(records.every(({ outcome: how }) => how === 'ok')).toBe(true);
  });

  it('after abort what is in flight is cancelled', async () => {
    const control = new RunControl();
    const hanging: Answering = (sink, n, request) => {
      if (n < 2) yes(sink, n, request);
      if (n === 4) control.abort();
    };
    const { outcome, records } = await run(sampleSource(100, { concurrency: 3 }), hanging, control);
    expect(outcome.stopped).toBe('interrupted');
    const kinds = records.map((record) => (record.outcome === 'failed' ? record.failure.kind : 'ok'));
    expect(kinds.sort()).toEqual(['cancelled', 'cancelled', 'cancelled', 'ok', 'ok']);
  });

  it('what a sink throws ends the run', async () => {
    const wire = sampleWire(clock, yes);
    const sink = {
      record: () => {
        throw new Error('disk full');
      },
      transcript: () => {},
    };
    const progress = { total: 0, done: 0, failed: 0, inFlight: 0, outputTokens: 0, startedAt: 0 };
    const service = { wire, pick: () => sampleTarget() };
    const running = runTask(sampleSource(50), service, sink, new RunControl(), progress);
    await expect(running).rejects.toThrow('disk full');
    expect(wire.sent.length).toBeLessThan(3);
  });
});

describe('warmUp', () => {
  it('asks each once, round and round, and returns what failed', async () => {
    const wire = sampleWire(clock, (sink, n, request) => (n === 1 ? no : yes)(sink, n, request));
    const service = { wire, pick: () => sampleTarget() };
    const source = sampleSource(2, { attempts: 3 });
    expect(await warmUp(source, service, 5, new RunControl())).toEqual(['HTTP 400: no 1']);
    const asked = wire.sent.map(({ body }) => JSON.parse(body!).ask);
    expect(asked).toEqual(['question 0', 'question 1', 'question 0', 'question 1', 'question 0']);
    expect(await warmUp(source, service, 0, new RunControl())).toEqual([]);
    expect(wire.sent).toHaveLength(5);
  });
});
