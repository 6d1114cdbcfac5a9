import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SampleEvent, sampleAnswer } from '../../test/support/sample-record.ts';
import { TokenScratch, tokensOfEvents } from './event-tokens.ts';

function tokensOf(events: readonly SampleEvent[], output: number | undefined) {
  const log = sampleAnswer({ events }).times.events;
  const into = new TokenScratch().for(log);
  const source = tokensOfEvents(log, output, into);
  return { source, tokens: [...into.subarray(0, events.length)] };
}

const silent = (count: number) => Array.from({ length: count }, (_, i): SampleEvent => ['content', 10 * i]);

describe('tokens of single events', () => {
  test('what the server said event by event is believed', () => {
    const events: SampleEvent[] = [
      ['role', 0],
      ['content', 10, 1],
      ['reasoning', 20, 4],
    ];
    expect(tokensOf(events, 99)).toEqual({ source: 'events', tokens: [0, 1, 4] });
  });

  test('else the count is spread in whole tokens', () => {
    expect(tokensOf(silent(4), 10)).toEqual({ source: 'spread', tokens: [3, 2, 3, 2] });
    expect(tokensOf(silent(3), 1)).toEqual({ source: 'spread', tokens: [1, 0, 0] });
  });

  test('over the events only of which nothing was said', () => {
    const events: SampleEvent[] = [
      ['content', 0, 5],
      ['content', 10],
      ['content', 20],
    ];
    expect(tokensOf(events, 9)).toEqual({ source: 'spread', tokens: [5, 2, 2] });
  });

  test('nobody counted: nothing is known', () => {
    expect(tokensOf(silent(2), undefined)).toEqual({ source: 'unknown', tokens: [0, 0] });
    expect(tokensOf([['role', 0]], 5)).toEqual({ source: 'unknown', tokens: [0] });
  });

  test('the tokens of the events are the tokens of the answer', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(20_000), (count, output) => {
        const { tokens } = tokensOf(silent(count), output);
        expect(tokens.reduce((sum, one) => sum + one, 0)).toBe(output);
        expect(Math.max(...tokens) - Math.min(...tokens)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
