import { describe, expect, it } from 'vitest';
import {
  isStream,
  objectsIn,
  recordedReply,
  recordingsOf,
  textOf,
  wordsIn,
} from '../../../test/support/recordings.ts';
import { RequestOutput } from '../../contract/output.ts';
import { modelOptions, replay, streamReply, testServiceModel } from '../../testing/index.ts';
import { AnthropicMessages } from './anthropic-messages.ts';

const create = (options = modelOptions()) => new AnthropicMessages(options);

describe('AnthropicMessages, vLLM’s recordings', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recordedReply('vllm-tools/messages_anthropic'),
      stream: recordedReply('vllm-tools/messages_anthropic_stream'),
      usage: {
        text: { inputTokens: 37, outputTokens: 8 },
        stream: { inputTokens: 37, outputTokens: 8 },
      },
    },
  });
});

describe('the request', () => {
  const bodyOf = (input: Parameters<AnthropicMessages['getRequestBody']>[0], overrides = {}) =>
    create(modelOptions({ model: 'm', ...overrides })).getRequestBody(input, 12);

  it('is the recorded one', () => {
    const { body } = recordedReply('vllm-tools/messages_anthropic_stream').request! as { body: any };
    const model = create(
      modelOptions({ model: body.model, stream: true, generationKwargs: { temperature: 0 } }),
    );
    expect(model.getRequestBody(body.messages[0].content, 12)).toEqual(body);
  });

  it('has its system messages apart', () => {
    const dialogue = [
      { role: 'system', content: 'Be brief.' },
      { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
      { role: 'user', content: 'Hi' },
    ];
    expect(bodyOf(dialogue)).toEqual({
      system: 'Be brief.\nBe kind.',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: false,
      max_tokens: 12,
      model: 'm',
    });
  });

  it('says images in Anthropic’s way', () => {
    const part = (url: string) => ({ type: 'image_url', image_url: { url } });
    const content = [
      { type: 'text', text: 'What is it?' },
      part('https://host/a.png'),
      part('data:image/png;base64,QUJD'),
    ];
    expect(bodyOf([{ role: 'user', content }])).toMatchObject({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image', source: { type: 'url', url: 'https://host/a.png' } },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } },
          ],
        },
      ],
    });
  });

  it('says tools, their calls and their results in Anthropic’s way', () => {
    const parameters = { type: 'object', properties: { city: { type: 'string' } } };
    const call = (id: string, args: string) => ({
      id,
      type: 'function',
      function: { name: 'get_weather', arguments: args },
    });
    const dialogue = [
      { role: 'user', content: 'Weather?' },
      { role: 'assistant', content: '', tool_calls: [call('a', '{"city":"Paris"}'), call('b', 'no JSON')] },
      { role: 'tool', tool_call_id: 'a', content: 'sunny' },
      { role: 'tool', tool_call_id: 'b', content: 'none' },
      { role: 'assistant', content: 'Sunny.', tool_calls: [] },
    ];
    const args = {
      index: 0,
      repetition: 0,
      conversationId: 'c',
      turn: 0,
      tools: [{ type: 'function', function: { name: 'get_weather', parameters } }, { type: 'web_search' }],
    };
    expect(create().getRequestBody(dialogue, 12, undefined, args)).toMatchObject({
      messages: [
        { role: 'user', content: 'Weather?' },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'a', name: 'get_weather', input: { city: 'Paris' } },
            { type: 'tool_use', id: 'b', name: 'get_weather', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a', content: 'sunny' },
            { type: 'tool_result', tool_use_id: 'b', content: 'none' },
          ],
        },
        { role: 'assistant', content: 'Sunny.' },
      ],
      tools: [{ name: 'get_weather', input_schema: parameters }, { type: 'web_search' }],
    });
  });

  it('carries the version, and the key in Anthropic’s header', () => {
    expect(create().headers()).toEqual({ 'anthropic-version': '2023-06-01' });
    expect(create(modelOptions({ apiKey: 'sk-1', anthropicVersion: '2024-01-01' })).headers()).toEqual({
      'anthropic-version': '2024-01-01',
      'x-api-key': 'sk-1',
    });
  });

  it('names an adapter as its model', () => {
    const args = { index: 0, repetition: 0, conversationId: 'c', turn: 0, adapter: 'my-lora' };
    expect(create().getRequestBody('Hi', 12, undefined, args)).toMatchObject({ model: 'my-lora' });
  });
});

describe('the reply', () => {
  const start = {
    type: 'message_start',
    message: { role: 'assistant', usage: { input_tokens: 3, output_tokens: 1 } },
  };
  const block = (index: number, content_block: object) => ({
    type: 'content_block_start',
    index,
    content_block,
  });
  const delta = (index: number, fields: object) => ({ type: 'content_block_delta', index, delta: fields });
  const stop = (index: number) => ({ type: 'content_block_stop', index });
  const end = (stop_reason: string) => [
    { type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ];
  const read = (events: readonly object[]) =>
    replay(create(modelOptions({ stream: true })), streamReply([start, ...events], { done: false }));

  it('has thinking in the reasoning channel', async () => {
    const { output, kinds, failure } = await read([
      block(0, { type: 'thinking', thinking: '' }),
      { type: 'ping' },
      delta(0, { type: 'thinking_delta', thinking: 'hm' }),
      delta(0, { type: 'signature_delta', signature: 'x' }),
      stop(0),
      block(1, { type: 'text', text: '' }),
      delta(1, { type: 'text_delta', text: 'Yes' }),
      stop(1),
      ...end('max_tokens'),
    ]);
    expect(failure).toBeUndefined();
    expect(kinds).toEqual([
      ...['role', 'other', 'other', 'reasoning', 'other', 'other'],
      ...['other', 'content', 'other', 'finish', 'other'],
    ]);
    expect(output).toMatchObject({
      reasoningContent: 'hm',
      content: 'Yes',
      finishReason: 'length',
      inputTokens: 3,
      outputTokens: 9,
    });
  });

  it('has tool calls, assembled by their block', async () => {
    const { output, kinds } = await read([
      block(0, { type: 'tool_use', id: 'a', name: 'f', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: '' }),
      delta(0, { type: 'input_json_delta', partial_json: '{"x"' }),
      block(1, { type: 'tool_use', id: 'b', name: 'g', input: {} }),
      delta(0, { type: 'input_json_delta', partial_json: ':1}' }),
      stop(0),
      stop(1),
      ...end('tool_use'),
    ]);
    expect(output).toMatchObject({
      content: '',
      finishReason: 'tool_calls',
      toolCalls: [
        { id: 'a', name: 'f', arguments: '{"x":1}' },
        { id: 'b', name: 'g', arguments: '{}' },
      ],
    });
    expect(kinds.indexOf('tool-call')).toBe(3);
  });

  it('is the same when it comes whole; cached prompt tokens count', () => {
    const output = new RequestOutput();
    create().parseTextResponse(
      {
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'x' },
          { type: 'text', text: 'Yes' },
          { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
        ],
        stop_reason: 'tool_use',
        usage: {
          input_tokens: 3,
          cache_read_input_tokens: 20,
          cache_creation_input_tokens: 100,
          output_tokens: 9,
        },
      },
      output,
    );
    expect(output).toMatchObject({
      reasoningContent: 'hm',
      content: 'Yes',
      toolCalls: [{ id: 'a', name: 'f', arguments: '{"x":1}' }],
      finishReason: 'tool_calls',
      inputTokens: 123,
      cachedTokens: 20,
      outputTokens: 9,
    });
  });

  it('that is an error event fails with its words', async () => {
    const error = { type: 'overloaded_error', message: 'Overloaded' };
    const { failure } = await read([block(0, { type: 'text', text: '' }), { type: 'error', error }]);
    expect(failure).toMatchObject({ kind: 'server-error', message: 'Overloaded' });
  });
});

describe('recorded replies', () => {
  const recordings = recordingsOf(['vllm-tools'], /^\/v1\/messages$/);

  it.each(recordings)('$name', async (recording) => {
    const model = create(modelOptions({ stream: isStream(recording) }));
    const { output, failure } = await replay(model, recording);
    if (recording.status !== 200) {
      expect(failure).toMatchObject({ kind: 'http-status', status: recording.status });
      expect(failure?.message).toContain(wordsIn(recording));
      return;
    }
    expect(failure).toBeUndefined();
    const objects = objectsIn(recording);
    const said = objects.flatMap(({ content, delta }) => content ?? [delta ?? {}]);
    const reasons = objects
      .map(({ stop_reason, delta }) => stop_reason ?? delta?.stop_reason)
      .filter(Boolean);
    expect(output.content).toBe(said.map(({ text }) => text ?? '').join(''));
    expect(output.toolCalls.map((call) => call.arguments).join('')).toBe(
      said.map(({ input, partial_json }) => partial_json ?? (input ? JSON.stringify(input) : '')).join(''),
    );
    const words = { end_turn: 'stop', stop_sequence: 'stop', max_tokens: 'length', tool_use: 'tool_calls' };
    expect(output.finishReason).toBe(words[reasons[0] as keyof typeof words]);
    expect(textOf(recording)).toContain(`"input_tokens":${output.inputTokens}`);
    expect(textOf(recording)).toContain(`"output_tokens":${output.outputTokens}`);
  });
});
