import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecordedReply } from '../testing/index.ts';
import { SseReader } from '../transport/sse.ts';
import { countsIn, finishReasonIn, leavesOf, reasoningPlaces, textPlaces } from './leaves.ts';

/** The JSON of a recorded reply: its events, or its body alone. */
function recorded(name: string): unknown[] {
  const path = fileURLToPath(new URL(`../../test/fixtures/${name}`, import.meta.url));
  const { body, contentType } = readRecordedReply(path);
  if (!contentType.startsWith('text/event-stream')) return [JSON.parse(Buffer.from(body).toString('utf8'))];
  const events: unknown[] = [];
  const reader = new SseReader(({ data }) => {
    if (data !== '' && data !== '[DONE]') events.push(JSON.parse(data));
  });
  reader.feed(body);
  reader.end();
  return events;
}

describe('where real servers put', () => {
  it.each([
    ['vllm/chat_stream', 'choices[0].delta.content'],
    ['vllm/chat_nostream', 'choices[0].message.content'],
    ['vllm/completions_stream', 'choices[0].text'],
    ['llamacpp/chat_stream', 'choices[0].delta.content'],
    ['llamacpp/completions_nostream', 'choices[0].text'],
    ['tgi/generate', 'generated_text'],
    ['tgi/generate_stream', 'token.text'],
    ['triton/generate', 'text_output'],
    ['triton/generate_stream', 'text_output'],
  ])('the text of %s: %s', (name, path) => {
    expect(textPlaces(recorded(name))[0]?.path).toBe(path);
  });

  it.each([
    ['vllm/chat_stream_usage', 'usage.prompt_tokens', 'usage.completion_tokens', 'choices[0].finish_reason'],
    ['tgi/generate_details', undefined, 'details.generated_tokens', 'details.finish_reason'],
    ['triton/generate', undefined, undefined, undefined],
  ])('counts and the finish reason of %s', (name, input, output, finish) => {
    const events = recorded(name);
    expect([countsIn(events).input?.path, countsIn(events).output?.path]).toEqual([input, output]);
    expect(finishReasonIn(events)?.path).toBe(finish);
  });
});

describe('textPlaces', () => {
  it('leaves out what is the same in every event, ids and roles', () => {
    const events = ['a', 'b', 'c'].map((piece, n) => ({
      id: `x${n}`,
      kind: 'chunk',
      role: 'bot',
      said: piece,
    }));
    expect(textPlaces(events)).toEqual([{ path: 'said', texts: ['a', 'b', 'c'] }]);
  });

  it('prefers names that services use, then what more events carry', () => {
    expect(textPlaces([{ note: 'a longer remark', text: 'x' }]).map(({ path }) => path)).toEqual([
      'text',
      'note',
    ]);
    const rare = [{ piece: 'a' }, { piece: 'b', log: 'a very long line of a log' }];
    expect(textPlaces(rare)[0]?.path).toBe('piece');
  });

  it('keeps the reasoning channel apart', () => {
    const events = [{ delta: { reasoning_content: 'hm' } }, { delta: { content: 'yes' } }];
    expect(textPlaces(events).map(({ path }) => path)).toEqual(['delta.content']);
    expect(reasoningPlaces(events)[0]?.path).toBe('delta.reasoning_content');
  });
});

it('the way to a leaf leads to it', () => {
  const plain = fc.jsonValue({ maxDepth: 4 });
  fc.assert(
    fc.property(plain, (data) => {
      for (const { path, value } of leavesOf({ data })) {
        expect(new Function('root', `return root.${path}`)({ data })).toEqual(value);
      }
    }),
  );
});
