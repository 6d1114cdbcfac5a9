import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Answering,
  reply,
  type SampleWire,
  sampleOptions,
  sampleSource,
  sampleTarget,
  sampleWire,
} from '../../test/support/sample-source.ts';
import type { OkRecord } from '../contract/record.ts';
import { VLLMCustomAPI } from '../models/api/vllm-custom-api.ts';
import { fakeClock } from '../testing/index.ts';
import { pauseMs, sendRequest, type Target } from './send-request.ts';
import { sampleAt } from './shape.ts';

const clock = fakeClock();
let pauses: number[];

beforeEach(() => {
  clock.set(1000);
  pauses = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const fake = globalThis.setTimeout;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms: number) => {
    pauses.push(ms);
    return fake(() => {
      clock.advance(ms);
      run();
    }, ms);
  }) as typeof setTimeout);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Each pause is as long as expected, or up to half as long again. */
function expectPauses(expected: readonly number[]): void {
  expect(pauses).toHaveLength(expected.length);
  pauses.forEach((pause, n) => {
    expect(pause).toBeGreaterThanOrEqual(expected[n]!);
    expect(pause).toBeLessThan(1.5 * expected[n]!);
  });
}

/** Asks, with pauses that are over at once on the wall clock. */
async function answerOf(
  wire: SampleWire,
  attempts: number,
  options = {},
  target: Target = sampleTarget(options),
) {
  const call = sampleAt(sampleSource(1), 0).first;
  let over = false;
  const asking = sendRequest(target, call, wire, { attempts, scheduled: 990 }).finally(() => {
    over = true;
  });
  while (!over) {
    await turn();
    vi.runAllTimers();
  }
  return asking;
}

const statuses =
  (...codes: readonly number[]): Answering =>
  (sink, n) => {
    clock.advance(10);
    const status = codes[n] ?? 200;
    reply(sink, clock, status === 200 ? { said: 'yes', tokens: 3 } : { error: `no ${n}` }, status);
  };

describe('ask', () => {
  it('a first success is one attempt', async () => {
    const wire = sampleWire(clock, statuses());
    const { record, transcript } = await answerOf(wire, 3);
    expect(record).toMatchObject({
      outcome: 'ok',
      attempt: 1,
      earlier: [],
      streamed: false,
      times: { scheduled: 990, sent: 1000, headers: 1010, done: 1010 },
      outputTokens: { value: 3, source: 'server' },
    });
    expect(record).not.toHaveProperty('inputTokens');
    expect(transcript).toMatchObject({
      success: true,
      content: 'yes',
      prompt: 'question 0',
      gold: 'question 0',
    });
    expect(transcript).not.toHaveProperty('failure');
  });

  it('a success after failures keeps them, and its latency runs from the first attempt', async () => {
    const wire = sampleWire(clock, statuses(503, 500));
    const { record } = await answerOf(wire, 3);
    expect(record).toMatchObject({
      outcome: 'ok',
      attempt: 3,
      times: { sent: 1000, done: 1030 + pauses[0]! + pauses[1]! },
    });
    expectPauses([250, 500]);
    expect(record.earlier.map(({ status }) => status)).toEqual([503, 500]);
    expect(new Set(wire.sent.map(({ body }) => body)).size).toBe(1);
  });

  it.each([1, 2, 5])(
    '%i attempts are all that are made; the last failure is the record’s',
    async (attempts) => {
      const wire = sampleWire(clock, statuses(...Array(9).fill(503)));
      const { record, transcript } = await answerOf(wire, attempts);
      expect(wire.sent).toHaveLength(attempts);
      expect(record).toMatchObject({ outcome: 'failed', attempt: attempts, times: { sent: 1000 } });
      expect(record).toMatchObject({
        failure: { kind: 'http-status', status: 503, message: `HTTP 503: no ${attempts - 1}` },
      });
      expect(record.earlier).toHaveLength(attempts - 1);
      expect(transcript).toMatchObject({ success: false, failure: { status: 503 } });
    },
  );

  it('waits longer each time, up to a limit', async () => {
    await answerOf(sampleWire(clock, statuses(...Array(9).fill(503))), 8);
    expectPauses([250, 500, 1000, 2000, 4000, 8000, 8000]);
  });

  it('pauses are the request’s own, and the same in every run', async () => {
    await answerOf(sampleWire(clock, statuses(503, 503)), 8);
    const [first, second] = pauses;
    pauses = [];
    await answerOf(sampleWire(clock, statuses(503, 503)), 8);
    expect(pauses).toEqual([first, second]);
    const { ref } = sampleAt(sampleSource(1), 0).first;
    const of = (id: string) => pauseMs({ ...ref, id }, 1);
    expect(new Set(Array.from({ length: 50 }, (_, n) => of(`request ${n}`))).size).toBe(50);
    expect(of(ref.id)).toBe(first);
  });

  it.each([
    ['2', [2000, 500]],
    ['0', [250, 500]],
    ['120', [120_000, 500]],
    ['121', []],
    ['soon', [250, 500]],
    [undefined, [250, 500]],
  ])('waits as long as the service asks for: Retry-After %s', async (value, expected) => {
    const headers = value === undefined ? {} : { 'retry-after': value };
    const wire = sampleWire(clock, (sink, n, request) => {
      if (n === 0) {
        sink.onHeaders(429, headers, clock());
        sink.onEnd(clock());
      } else statuses(0, 503)(sink, n, request);
    });
    await answerOf(wire, 3);
    expectPauses(expected);
    expect(wire.sent).toHaveLength(expected.length + 1);
  });

  it('the finish reason null of a class that passes it on is none', async () => {
    const model = new VLLMCustomAPI(sampleOptions({ model: 'm' }));
    model.parseTextResponse = (data, output) => {
      output.content = data.choices[0].text;
      output.finishReason = data.choices[0].finish_reason;
    };
    const answers = [
      { text: '', finish_reason: null },
      { text: 'yes', finish_reason: null },
    ];
    const wire = sampleWire(clock, (sink, n) => reply(sink, clock, { choices: [answers[n]] }));
    const { record, transcript } = await answerOf(wire, 3, {}, { ...sampleTarget(), model });
    expect(record).toMatchObject({ outcome: 'ok', attempt: 2 });
    for (const one of [record, transcript]) expect(one).not.toHaveProperty('finishReason');
    expect(record.earlier[0]!.message).toBe('the reply is empty: no content, reasoning or tool call');
  });

  it.each([400, 401, 404, 422])('HTTP %i is not asked again', async (status) => {
    const wire = sampleWire(clock, statuses(...Array(9).fill(status)));
    expect((await answerOf(wire, 5)).record).toMatchObject({ outcome: 'failed', attempt: 1 });
    expect(wire.sent).toHaveLength(1);
  });

  it('a bug of the model class is not asked again', async () => {
    const wire = sampleWire(clock, (sink) => reply(sink, clock, { said: 5 }));
    expect((await answerOf(wire, 5)).record).toMatchObject({ attempt: 1, failure: { kind: 'model-bug' } });
  });

  it('an abort in a pause ends it', async () => {
    const stop = new AbortController();
    const wire = sampleWire(
      clock,
      (sink) => {
        reply(sink, clock, {}, 503);
        setImmediate(() => stop.abort());
      },
      stop.signal,
    );
    const call = sampleAt(sampleSource(1), 0).first;
    const { record } = await sendRequest(sampleTarget(), call, wire, { attempts: 5, scheduled: 0 });
    expect(record).toMatchObject({ outcome: 'failed', failure: { status: 503 } });
    expect(wire.sent).toHaveLength(1);
    expect(record.attempt).toBe(1);
  });

  it('an abort in flight is a cancelled request', async () => {
    const stop = new AbortController();
    const wire = sampleWire(clock, () => stop.abort(), stop.signal);
    const { record } = await answerOf(wire, 5);
    expect(record).toMatchObject({ attempt: 1, failure: { kind: 'cancelled' } });
  });

  it.each([-2, 2.5, Number.NaN, '7', 1e300])('what a server calls %s tokens is no count', async (tokens) => {
    const wire = sampleWire(clock, (sink) => reply(sink, clock, { said: 'yes', tokens }));
    const { record } = await answerOf(wire, 1);
    expect(record.outcome).toBe('ok');
    expect(record).not.toHaveProperty('outputTokens');
  });

  it('what was asked of the length is kept where it was exact, or where there is more', async () => {
    const { maxOutLen: limit } = sampleAt(sampleSource(1), 0).first;
    const kept = async (tokens: number, options = {}) => {
      const wire = sampleWire(clock, (sink) => reply(sink, clock, { said: 'yes', tokens }));
      return (await answerOf(wire, 1, options)).record as Partial<OkRecord>;
    };
    const lengthsOf = ({ exactLength, lengthLimit }: Partial<OkRecord>) => ({ exactLength, lengthLimit });
    expect(lengthsOf(await kept(limit))).toEqual({});
    expect(lengthsOf(await kept(limit + 1))).toEqual({ lengthLimit: limit });
    const exact = { generationKwargs: { ignore_eos: true } };
    expect(lengthsOf(await kept(3, exact))).toEqual({ exactLength: limit });
  });

  describe('of a stream whose tokens the service does not count', () => {
    const said = (words: readonly string[], apart = true): Answering => {
      const events = words.map((word) => `data: ${JSON.stringify({ said: word })}\n\n`);
      return (sink) => {
        sink.onHeaders(200, {}, clock());
        for (const read of apart ? events : [events.join('')]) {
          clock.advance(1);
          sink.onData(Buffer.from(read), clock(), false);
        }
        sink.onEnd(clock());
      };
    };
    const recordOf = async (answering: Answering, chunksAreTokens?: boolean) => {
      const target = {
        ...sampleTarget({ stream: true }),
        ...(chunksAreTokens === false && { chunksAreTokens }),
      };
      return (await answerOf(sampleWire(clock, answering), 1, {}, target)).record as OkRecord;
    };

    it('events stand for tokens', async () => {
      const record = await recordOf(said(['a', 'b', 'c']));
      expect(record).toMatchObject({ streamed: true, outputTokens: { value: 3, source: 'chunks' } });
      expect(record).not.toHaveProperty('severalTokens');
    });

    it('they do not where the class says that an event is no token', async () => {
      expect(await recordOf(said(['a', 'b', 'c']), false)).not.toHaveProperty('outputTokens');
    });

    it('nor where one event brought several', async () => {
      const record = await recordOf(said(['one two three']));
      expect(record).toMatchObject({ severalTokens: true });
      expect(record).not.toHaveProperty('outputTokens');
    });

    it('an answer of one word in one event may be one token', async () => {
      const record = await recordOf(said(['Paris']));
      expect(record.outputTokens).toEqual({ value: 1, source: 'chunks' });
      expect(record).not.toHaveProperty('severalTokens');
    });

    it('several events in one read are counted, and known to be several', async () => {
      const record = await recordOf(said(['one', ' two', ' three'], false));
      expect(record).toMatchObject({ outputTokens: { value: 3, source: 'chunks' }, severalTokens: true });
    });
  });
});
