/** MindIE runs on Ascend hardware only: no RecordedReply was to be had, these are written from descriptions. */
import { describe, expect, it } from 'vitest';
import { modelOptions, replay, streamReply, testServiceModel, textReply } from '../../testing/index.ts';
import { MindieStreamApi } from './mindie-stream-api.ts';

const create = (options = modelOptions()) => new MindieStreamApi(options);

const TEXT = 'am a 语 é';
const details = { finish_reason: 'length', generated_tokens: 4, seed: 846930886 };
const pieces = ['am', ' a', ' 语', ' é'];
const token = (text: string, n: number) => ({
  prefill_time: n === 0 ? 45.54 : null,
  decode_time: n === 0 ? null : 128.32,
  token: { id: 626 + n, text },
});

const text = textReply({ generated_text: TEXT, details });

const soFar = (n: number) => pieces.slice(0, n + 1).join('');

/** Nothing that was to be had shows a last event. */
const FORMS: [string, readonly object[]][] = [
  [
    'tokens, then a last one with the whole text',
    pieces.map((piece, n) =>
      n < 3 ? token(piece, n) : { ...token(piece, n), generated_text: TEXT, details },
    ),
  ],
  ['tokens, then the whole text alone', [...pieces.map(token), { generated_text: TEXT, details }]],
  ['tokens only', pieces.map((piece, n) => (n < 3 ? token(piece, n) : { ...token(piece, n), details }))],
  [
    'all of the text so far in every event',
    pieces.map((_, n) => ({ generated_text: soFar(n), ...(n < 3 ? {} : { details }) })),
  ],
];

describe.each(FORMS)('MindieStreamApi, %s', (_name, events) => {
  testServiceModel(it, {
    create,
    recordings: {
      text,
      stream: streamReply(events, { done: false }),
      usage: { text: { outputTokens: 4 }, stream: { outputTokens: 4 } },
    },
  });

  it('may end with [DONE]', async () => {
    const { output, failure } = await replay(create(modelOptions({ stream: true })), streamReply(events));
    expect(failure).toBeUndefined();
    expect(output).toMatchObject({ content: TEXT, finishReason: 'length', outputTokens: 4 });
  });
});

describe('the request', () => {
  it.each([true, false])(
    'is AISBench’s, with stream %s at the top, and asks for details (App. A.3)',
    (streaming) => {
      const generationKwargs = { temperature: 0.01, ignore_eos: false };
      const model = create(modelOptions({ stream: streaming, generationKwargs }));
      expect(model.getUrl()).toBe('http://127.0.0.1:8000/infer');
      expect(model.getRequestBody('Hi', 512)).toEqual({
        inputs: 'Hi',
        stream: streaming,
        parameters: { details: true, temperature: 0.01, ignore_eos: false, max_new_tokens: 512 },
      });
    },
  );

  it('names an adapter in its parameters', () => {
    const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 0, adapter: 'my-lora' };
    expect(create().getRequestBody('Hi', 5, undefined, args)).toMatchObject({
      parameters: { adapter_id: 'my-lora' },
    });
  });
});
