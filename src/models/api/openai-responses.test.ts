import { describe, expect, it } from 'vitest';
import {
  isStream,
  objectsIn,
  recordedReply,
  recordingsOf,
  wordsIn,
} from '../../../test/support/recordings.ts';
import { RequestOutput } from '../../contract/output.ts';
import { modelOptions, replay, streamReply, testServiceModel } from '../../testing/index.ts';
import { OpenAIResponses } from './openai-responses.ts';

const create = (options = modelOptions()) => new OpenAIResponses(options);
const args = { index: 0, repetition: 0, conversationId: 'c', turn: 0 };

describe('OpenAIResponses, vLLM’s recordings', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recordedReply('vllm-tools/responses'),
      stream: recordedReply('vllm-tools/responses_stream'),
      usage: {
        text: { inputTokens: 37, outputTokens: 8 },
        stream: { inputTokens: 37, outputTokens: 8 },
      },
    },
  });
});

describe('the request', () => {
  it('is the recorded one', () => {
    const { body } = recordedReply('vllm-tools/responses').request! as { body: any };
    const model = create(modelOptions({ model: body.model, generationKwargs: { temperature: 0 } }));
    expect(model.getRequestBody(body.input, 12)).toEqual({ ...body, stream: false });
  });

  it('says a dialogue in items: calls and their results are items of their own', () => {
    const call = { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } };
    const dialogue = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image_url', image_url: { url: 'https://host/a.png' } },
          { type: 'input_file', file_id: 'x' },
        ],
      },
      { role: 'assistant', content: '', tool_calls: [call] },
      { role: 'tool', tool_call_id: 'a', content: 'sunny' },
      { role: 'assistant', content: [{ type: 'text', text: 'Sunny.' }], tool_calls: [] },
      { role: 'assistant', content: 'And', tool_calls: [{ ...call, id: 'b' }] },
    ];
    expect(create().getRequestBody(dialogue, 12)).toMatchObject({
      input: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'Hi' },
            { type: 'input_image', image_url: 'https://host/a.png' },
            { type: 'input_file', file_id: 'x' },
          ],
        },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
        { type: 'function_call_output', call_id: 'a', output: 'sunny' },
        { role: 'assistant', content: [{ type: 'output_text', text: 'Sunny.' }] },
        { role: 'assistant', content: 'And' },
        { type: 'function_call', call_id: 'b', name: 'f', arguments: '{}' },
      ],
    });
  });

  it('names functions without their wrapping, other tools as they are, and an adapter as its model', () => {
    const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }, { type: 'web_search' }];
    expect(
      create().getRequestBody('Hi', 12, undefined, { ...args, tools, adapter: 'my-lora' }),
    ).toMatchObject({
      tools: [{ type: 'function', name: 'f', parameters: {} }, { type: 'web_search' }],
      model: 'my-lora',
    });
  });
});

describe('the streamed reply', () => {
  const read = (events: readonly object[]) =>
    replay(create(modelOptions({ stream: true })), streamReply(events, { done: false }));
  const added = (output_index: number, item: object) => ({
    type: 'response.output_item.added',
    output_index,
    item,
  });
  const end = (status: string, fields = {}) => ({
    type: `response.${status}`,
    response: { status, usage: { input_tokens: 3, output_tokens: 9 }, ...fields },
  });

  it.each(['reasoning_text', 'reasoning_summary_text', 'reasoning'])(
    'reads reasoning from %s',
    async (name) => {
      const { output, kinds, failure } = await read([
        { type: 'response.created', response: { status: 'in_progress' } },
        added(0, { type: 'reasoning' }),
        { type: `response.${name}.delta`, output_index: 0, delta: 'hm' },
        { type: `response.${name}.done`, output_index: 0, text: 'hm' },
        added(1, { type: 'message', role: 'assistant' }),
        { type: 'response.output_text.delta', output_index: 1, delta: 'Yes' },
        { type: 'response.output_text.done', output_index: 1, text: 'Yes' },
        end('completed'),
      ]);
      expect(failure).toBeUndefined();
      expect(kinds).toEqual(['other', 'other', 'reasoning', 'other', 'role', 'content', 'other', 'finish']);
      expect(output).toMatchObject({
        reasoningContent: 'hm',
        content: 'Yes',
        finishReason: 'stop',
        inputTokens: 3,
        outputTokens: 9,
      });
    },
  );

  it('assembles function calls by the index of their item', async () => {
    const piece = (output_index: number, delta: string) => ({
      type: 'response.function_call_arguments.delta',
      output_index,
      delta,
    });
    const { output, kinds } = await read([
      added(0, { type: 'function_call', call_id: 'a', name: 'f', arguments: '' }),
      piece(0, '{"x"'),
      added(1, { type: 'function_call', call_id: 'b', name: 'g', arguments: '' }),
      piece(1, '{}'),
      piece(0, ':1}'),
      piece(7, '[]'),
      end('completed'),
    ]);
    expect(output.finishReason).toBe('tool_calls');
    expect(output.toolCalls).toEqual([
      { id: 'a', name: 'f', arguments: '{"x":1}' },
      { id: 'b', name: 'g', arguments: '{}' },
      { name: '', arguments: '[]' },
    ]);
    expect(kinds[1]).toBe('tool-call');
  });

  it.each([
    [{ reason: 'max_output_tokens' }, 'length'],
    [{ reason: 'content_filter' }, 'content_filter'],
    [null, 'incomplete'],
  ])('that is incomplete for %j has the finish reason %s', async (incomplete_details, reason) => {
    const { output, failure } = await read([
      { type: 'response.refusal.delta', delta: 'No' },
      end('incomplete', { incomplete_details }),
    ]);
    expect(failure).toBeUndefined();
    expect(output).toMatchObject({ content: 'No', finishReason: reason });
  });

  it.each([
    end('failed', { error: { code: 'server_error', message: 'out of luck' } }),
    { type: 'error', code: 'server_error', message: 'out of luck' },
  ])('that fails has the server’s words: %j', async (event) => {
    const { failure } = await read([{ type: 'response.output_text.delta', delta: 'Y' }, event]);
    expect(failure).toMatchObject({ kind: 'server-error', message: 'out of luck' });
  });

  it('without its last event is incomplete', async () => {
    const { failure } = await read([{ type: 'response.output_text.delta', delta: 'Y' }]);
    expect(failure?.kind).toBe('truncated');
  });
});

it('reads reasoning, refusals and function calls of a whole reply', () => {
  const output = new RequestOutput();
  create().parseTextResponse(
    {
      status: 'completed',
      output: [
        { type: 'reasoning', summary: [{ text: 'h' }, { text: 'm' }] },
        {
          type: 'message',
          content: [
            { type: 'output_text', text: 'Yes' },
            { type: 'refusal', refusal: ', no' },
          ],
        },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
        { type: 'web_search_call' },
      ],
    },
    output,
  );
  expect(output).toMatchObject({
    reasoningContent: 'hm',
    content: 'Yes, no',
    toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }],
    finishReason: 'tool_calls',
  });
});

describe('recorded replies', () => {
  const recordings = recordingsOf(['vllm-tools'], /^\/v1\/responses$/);

  it.each(recordings)('$name', async (recording) => {
    const model = create(modelOptions({ stream: isStream(recording) }));
    const { output, failure } = await replay(model, recording);
    if (recording.status !== 200) {
      expect(failure).toMatchObject({ kind: 'http-status', status: recording.status });
      expect(failure?.message).toContain(wordsIn(recording));
      return;
    }
    expect(failure).toBeUndefined();
    const last = objectsIn(recording).at(-1);
    const response = last.response ?? last;
    const parts = response.output.flatMap((item: any) => item.content ?? []);
    expect(output.content).toBe(parts.map(({ text }: any) => text).join(''));
    const calls = response.output.filter(({ type }: any) => type === 'function_call');
    expect(output.toolCalls.map(({ name, arguments: given }) => [name, given])).toEqual(
      calls.map((call: any) => [call.name, call.arguments]),
    );
    const finished = response.status === 'incomplete' ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop';
    expect(output).toMatchObject({
      finishReason: finished,
      inputTokens: response.usage.input_tokens,
      outputTokens: response.usage.output_tokens,
    });
  });
});
