import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finding } from '../contract/finding.ts';
import { RequestOutput } from '../contract/output.ts';
import { displayWidth } from '../report/text.ts';
import type { Added, ObservedEvent, RequestObservation } from './observe.ts';
import { showFindings, showObservation } from './show.ts';

const NO_EVENTS = {
  at: new Float64Array(),
  kind: new Uint8Array(),
  tokens: new Uint16Array(),
  sharedRead: new Uint8Array(),
};

function observed(
  events: readonly Partial<ObservedEvent>[],
  more: Partial<RequestObservation> = {},
): RequestObservation {
  return {
    stream: true,
    request: {
      method: 'POST',
      url: 'http://127.0.0.1:8080/generate',
      headers: { 'content-type': 'application/json', authorization: 'Bearer sk-12345678' },
      body: JSON.stringify({ prompt: 'hi', api_key: 'sk-12345678', max_tokens: 24 }),
    },
    status: 200,
    contentType: 'text/event-stream',
    events: events.map((event, n) => ({ at: n * 1.5, data: '{}', type: undefined, ...event })),
    attempt: { sent: 5, headers: 6.25, done: 100, output: new RequestOutput(), events: NO_EVENTS },
    ...more,
  };
}

const content = (text: string, replaced = false) => ({ content: { text, replaced } });

describe('a request and its reply', () => {
  it('are shown where a class set what its service sent: null', () => {
    const added = { finishReason: null } as unknown as Added;
    expect(showObservation(observed([{ added }]), 80).join('\n')).toContain('> finishReason = null');
  });

  it('are shown with times, what was added, the first token and the totals', () => {
    const lines = showObservation(
      observed([
        { data: '{"id":"a1","piece":""}', kind: 'other', added: {} },
        { data: '{"id":"a1","piece":"Hi"}', kind: 'content', added: content('Hi') },
        {
          data: '{"id":"a1","piece":" you"}',
          kind: 'content',
          added: { ...content('Hi you', true), role: 'bot' },
        },
        { data: '[DONE]' },
      ]),
      80,
    );
    expect(lines.join('\n')).toContain(`
HTTP 200 text/event-stream, headers after 1.3 ms, below: what
parseStreamResponse added
    0.0 ms  {"id":"a1","piece":""}
            > nothing
    1.5 ms  …"piece":"Hi"}
            > content += "Hi"
            > <- first token
    3.0 ms  …"piece":" you"}
            > content = "Hi you", role = "bot"
    4.5 ms  [DONE]
total: 4 events, first token after 1.5 ms, end after 95.0 ms, content of 0
characters
`);
  });

  it('show no secret', () => {
    const text = showObservation(observed([]), 80).join('\n');
    expect(text).not.toContain('12345678');
    expect(text).toContain('authorization: ***\n');
    expect(text).toContain('"api_key": "***"');
  });

  it('leave out the middle of a long stream, but never the first token', () => {
    const events = Array.from({ length: 40 }, (_, n) => ({
      data: `{"n":${n}}`,
      ...(n === 15 ? { kind: 'content' as const, added: content('late') } : { kind: 'other' as const }),
    }));
    const text = showObservation(observed(events), 80).join('\n');
    expect(text).toContain('… 24 more events');
    expect(text.match(/\{"n":/g)).toHaveLength(10 + 6 + 1);
    expect(text).toMatch(/\{"n":15\}\n +> content \+= "late"\n +> <- first token/);
  });

  it('without a reply are the request and the failure', () => {
    const { status: _none, ...refused } = observed([]);
    const failure = { kind: 'connect', message: 'refused' } as const;
    const lines = showObservation({ ...refused, attempt: { ...refused.attempt, failure } }, 80);
    expect(lines).toContain('failed: connect');
    expect(lines.join('\n')).not.toContain('HTTP');
  });

  it('fit the width, whatever they hold', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    fc.assert(
      fc.property(text, text, fc.integer({ min: 40, max: 120 }), (data, added, width) => {
        const json = JSON.stringify({ piece: data, 名: added });
        const body = JSON.stringify({ prompt: data });
        const one = observed([{ data: json, added: content(added) }, { data: `${json} ` }]);
        const lines = showObservation({ ...one, request: { ...one.request!, body } }, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
      { numRuns: 50 },
    );
  });
});

describe('findings', () => {
  it('are numbered, wrong ones first', () => {
    const lines = showFindings(
      [
        { of: 'text', ...finding('EMPTY-ANSWER', {}) },
        { of: 'stream', ...finding('REQUEST-FAILED', { message: 'a'.repeat(90) }) },
        finding('COUNTS-DIFFER', { text: 1, stream: 2 }),
      ],
      80,
    );
    expect(lines.slice(1)).toEqual([
      '2 things are wrong:',
      `1. stream:`,
      `   ${'a'.repeat(77)}`,
      `   ${'a'.repeat(13)}`,
      '2. text and stream count the same prompt as 1 and 2 tokens',
      'note: text: an answer is empty',
    ]);
  });

  it('may be none', () => {
    expect(showFindings([], 80)[1]).toBe('Nothing is wrong.');
  });
});
