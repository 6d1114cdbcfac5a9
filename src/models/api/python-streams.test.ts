import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestOutput } from '../../contract/output.ts';
import { applyChange, type PythonChange, type PythonChanges, PythonStreams } from './python-streams.ts';

type Sent = readonly [
  streams: readonly (readonly [number, readonly unknown[]])[],
  released: readonly number[],
];

/** A worker that says of each event what it is. */
function worker(fails = false) {
  const sent: Sent[] = [];
  let atOnce = 0;
  let most = 0;
  const streams = new PythonStreams(async (batch, released) => {
    sent.push([batch, released]);
    most = Math.max(most, ++atOnce);
    await new Promise(setImmediate);
    atOnce -= 1;
    if (fails) throw new Error('the worker died');
    return batch.map(([, events]): PythonChanges => ({ changes: events as string[] }));
  });
  return { streams, sent, mostAtOnce: () => most };
}

describe('events of many streams', () => {
  it('that wait together go as one message, each stream with its own answer', async () => {
    const { streams, sent } = worker();
    const answers = await Promise.all([streams.parse(1, ['a', 'b']), streams.parse(2, ['c'])]);
    expect(answers).toEqual([{ changes: ['a', 'b'] }, { changes: ['c'] }]);
    expect(sent).toEqual([
      [
        [
          [1, ['a', 'b']],
          [2, ['c']],
        ],
        [],
      ],
    ]);
  });

  it('that come meanwhile wait until the worker is free', async () => {
    const { streams, sent, mostAtOnce } = worker();
    const first = streams.parse(1, ['a']);
    await new Promise(setImmediate);
    const later = [streams.parse(2, ['b']), streams.parse(3, ['c'])];
    expect(await Promise.all([first, ...later])).toHaveLength(3);
    expect([sent.length, mostAtOnce()]).toEqual([2, 1]);
  });

  it('are not all sent at once where they are very many', async () => {
    const { streams, sent } = worker();
    const events = Array(900).fill('x');
    await Promise.all([1, 2, 3, 4, 5].map((request) => streams.parse(request, events)));
    expect(sent.map(([batch]) => batch.length)).toEqual([2, 2, 1]);
    const huge = Array(5000).fill('x');
    expect((await streams.parse(6, huge)).changes).toHaveLength(5000);
  });

  it('fail together where the worker dies, and no others', async () => {
    const { streams } = worker(true);
    const both = await Promise.allSettled([streams.parse(1, ['a']), streams.parse(2, ['b'])]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(streams.parse(3, ['c'])).rejects.toThrow('the worker died');
  });

  it('tell which requests are over, also where nothing else is to be sent', async () => {
    const { streams, sent } = worker();
    streams.release(4);
    streams.release(5);
    await expect.poll(() => sent).toEqual([[[], [4, 5]]]);
  });
});

describe('a change', () => {
  it('is made in the output', () => {
    const output = new RequestOutput();
    const changes: readonly PythonChange[] = [
      0,
      'The ',
      {
        '+content': 'answer',
        '+reasoning_content': 'hm',
        output_tokens: 2,
        input_tokens: 0,
        role: 'assistant',
      },
      { tool_calls: [{ at: 1, id: 'c', name: 'f', '+': '{"a' }] },
      { tool_calls: [{ at: 1, id: 'c', name: 'f', '+': '":1}' }] },
      { tool_calls: [{ at: 0, id: null, name: 'g', '=': '{}' }], finish_reason: 'stop', cached_tokens: 0 },
      { extra_details_data: { a: 1 }, input: 'p', error_info: '', unknown: 1 },
    ];
    for (const change of changes) applyChange(change, output);
    expect(output).toMatchObject({
      content: 'The answer',
      reasoningContent: 'hm',
      outputTokens: 2,
      inputTokens: undefined,
      cachedTokens: 0,
      role: 'assistant',
      finishReason: 'stop',
      error: undefined,
      input: 'p',
      extraDetailsData: { a: 1 },
      toolCalls: [
        { name: 'g', arguments: '{}' },
        { id: 'c', name: 'f', arguments: '{"a":1}' },
      ],
    });
    applyChange({ content: 'anew', finish_reason: null }, output);
    expect([output.content, output.finishReason]).toEqual(['anew', undefined]);
  });

  it('of texts gives the text, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), (pieces) => {
        const output = new RequestOutput();
        for (const piece of pieces) applyChange(piece === '' ? 0 : piece, output);
        expect(output.content).toBe(pieces.join(''));
      }),
    );
  });
});
