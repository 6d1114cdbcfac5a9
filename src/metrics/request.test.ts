import { describe, expect, test } from 'vitest';
import { type SampleAnswer, type SampleEvent, sampleAnswer } from '../../test/support/sample-record.ts';
import { eachGap, eachTokenGap, requestMetrics } from './request.ts';

const metricsOf = (answer: SampleAnswer) => requestMetrics(sampleAnswer(answer));

function gapsOf(events: readonly SampleEvent[]): number[] {
  const gaps: number[] = [];
  eachGap(sampleAnswer({ events }).times.events, (gap) => gaps.push(gap));
  return gaps;
}

describe('a stream', () => {
  test('role at 10, text at 200, usage at 900: the first token is the text', () => {
    const events: SampleEvent[] = [
      ['role', 10],
      ['content', 200],
      ['content', 300],
      ['finish', 350],
      ['usage', 900],
    ];
    expect(metricsOf({ events, input: 20, output: 2 })).toEqual({
      E2EL: 300,
      TTFT: 200,
      TPOT: 100,
      InputTokens: 20,
      OutputTokens: 2,
      OutputTokenThroughput: 2 / 0.3,
      PrefillTokenThroughput: 100,
      'Response E2EL': 300,
      'Response TTFT': 200,
      TTFAT: 200,
      'Largest Gap': 100,
      DecodeTokenThroughput: 10,
      payloadEvents: 2,
    });
    expect(gapsOf(events)).toEqual([100]);
  });

  test('reasoning alone, stopped by length, has a first token', () => {
    const events = Array.from({ length: 50 }, (_, i): SampleEvent => ['reasoning', 100 + 10 * i]);
    const metrics = metricsOf({ events: [['role', 5], ...events, ['finish', 600]], output: 50 });
    expect(metrics).toMatchObject({ TTFT: 100, E2EL: 590, TPOT: 10 });
  });

  test('the first delta of a tool call is a first token', () => {
    expect(metricsOf({ events: [['tool-call', 80]] })).toMatchObject({ TTFT: 80, E2EL: 80 });
  });

  test('four tokens an event: TPOT is a token, a gap is an event', () => {
    const events = [100, 140, 180].map((at): SampleEvent => ['content', at, 4]);
    expect(metricsOf({ events, output: 12 }).TPOT).toBe(10);
    expect(gapsOf(events)).toEqual([40, 40]);
  });

  test('times count from the sending of this request', () => {
    const events: SampleEvent[] = [['content', 1200]];
    expect(metricsOf({ sent: 1000, events })).toMatchObject({ TTFT: 200, E2EL: 200 });
  });
});

describe('two clocks', () => {
  test('the response counts from the schedule, the service from the sending', () => {
    const events: SampleEvent[] = [
      ['content', 1200],
      ['content', 1500],
    ];
    expect(metricsOf({ scheduled: 400, sent: 1000, events })).toMatchObject({
      TTFT: 200,
      'Response TTFT': 800,
      E2EL: 500,
      'Response E2EL': 1100,
    });
  });
});

describe('reasoning', () => {
  test('the first answer token comes after it', () => {
    const events: SampleEvent[] = [
      ['reasoning', 100],
      ['reasoning', 150],
      ['content', 400],
    ];
    expect(metricsOf({ events })).toMatchObject({ TTFT: 100, TTFAT: 400, 'Largest Gap': 250 });
  });

  test('without an answer there is no first answer token', () => {
    expect(metricsOf({ events: [['reasoning', 100]] }).TTFAT).toBe('no-answer');
  });
});

describe('the time of a token', () => {
  const timesOf = (events: readonly SampleEvent[], tokens: readonly number[]) => {
    const times: [number, number][] = [];
    eachTokenGap(sampleAnswer({ events }).times.events, Uint32Array.from(tokens), (gap, n) =>
      times.push([gap, n]),
    );
    return times;
  };
  const at = (...instants: number[]) => instants.map((instant): SampleEvent => ['content', instant]);

  test('tokens of an event share the gap before it', () => {
    expect(timesOf(at(100, 140, 160), [1, 4, 1])).toEqual([
      [10, 4],
      [20, 1],
    ]);
  });

  test('events of one instant are one burst', () => {
    expect(timesOf(at(100, 140, 140, 140), [1, 1, 1, 2])).toEqual([[10, 4]]);
  });

  test('an event without tokens leaves its time to the next', () => {
    expect(timesOf(at(100, 140, 160), [1, 0, 2])).toEqual([[30, 2]]);
  });
});

describe('what is not known is never 0', () => {
  const two: SampleEvent[] = [
    ['content', 10],
    ['content', 20],
  ];

  test.each([
    ['one event', { events: [['content', 10]], output: 5 }, 'whole-event'],
    ['one event with one token', { events: [['content', 10]], output: 1 }, 'one-event'],
    [
      'all tokens in the first event',
      { events: [['content', 10, 5], two[1]!], output: 5 },
      'first-event-only',
    ],
    ['one token, two events', { events: two, output: 1 }, 'first-event-only'],
    ['all events in one read', { events: [two[0]!, ['content', 10]], output: 2 }, 'one-read'],
    ['no token count', { events: two }, 'no-token-count'],
    ['no payload', { events: [['role', 10]], output: 2 }, 'no-payload'],
    ['text mode', { done: 50, output: 2 }, 'not-streamed'],
  ] satisfies [string, SampleAnswer, string][])('TPOT, %s', (_name, answer, reason) => {
    expect(metricsOf(answer).TPOT).toBe(reason);
  });

  test('throughputs need tokens and time', () => {
    expect(metricsOf({ events: two })).toMatchObject({
      OutputTokenThroughput: 'no-token-count',
      PrefillTokenThroughput: 'no-token-count',
    });
    expect(metricsOf({ sent: 5, events: [['content', 5]], output: 1 }).OutputTokenThroughput).toBe('no-time');
  });

  test('a true 0 stays 0', () => {
    expect(metricsOf({ events: two, input: 0, output: 0 })).toMatchObject({
      InputTokens: 0,
      OutputTokens: 0,
    });
  });
});

test('text mode: the whole body, nothing else', () => {
  expect(metricsOf({ sent: 100, done: 350, input: 10, output: 5 })).toMatchObject({
    E2EL: 250,
    TTFT: 'not-streamed',
    OutputTokenThroughput: 20,
    PrefillTokenThroughput: 'not-streamed',
  });
});
