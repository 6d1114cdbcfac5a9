import { describe, expect, it } from 'vitest';
import { RequestOutput } from '../../contract/output.ts';
import { modelOptions, readRecordedReply, replay, sseEvents, testServiceModel } from '../../testing/index.ts';
import { VLLMCustomAPIChat } from './vllm-custom-api-chat.ts';

const recorded = (name: string) => readRecordedReply(`test/fixtures/${name}`);
const create = (options = modelOptions()) => new VLLMCustomAPIChat(options);

describe('VLLMCustomAPIChat, vLLM’s recordings', () => {
  testServiceModel(it, {
    create,
    recordings: { text: recorded('vllm/chat_nostream'), stream: recorded('vllm/chat_stream_usage') },
  });
});

describe('VLLMCustomAPIChat, vLLM’s tool calls', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: recorded('vllm-tools/tools_required'),
      stream: recorded('vllm-tools/tools_required_stream'),
    },
  });
});

describe('VLLMCustomAPIChat, llama.cpp’s recordings', () => {
  testServiceModel(it, {
    create,
    recordings: { text: recorded('llamacpp/chat_nostream'), stream: recorded('llamacpp/chat_stream_usage') },
  });
});

describe('the request', () => {
  const bodyOf = (overrides: Parameters<typeof modelOptions>[0]) =>
    create(modelOptions({ model: 'm', ...overrides })).getRequestBody('Hi', 512);

  it('is AISBench’s, its keys in the same order (App. A.1)', () => {
    const body = bodyOf({ stream: true, generationKwargs: { temperature: 0.01, ignore_eos: false } });
    expect(JSON.stringify(body)).toBe(
      '{"stream":true,"messages":[{"role":"user","content":"Hi"}],"stream_options":{"include_usage":true},' +
        '"temperature":0.01,"ignore_eos":false,"max_tokens":512,"model":"m"}',
    );
  });

  it('asks for no usage events where nothing is streamed', () => {
    expect(bodyOf({ stream: false })).toEqual({
      stream: false,
      messages: [{ role: 'user', content: 'Hi' }],
      max_tokens: 512,
      model: 'm',
    });
  });

  it('lets generation_kwargs override everything but length and model', () => {
    const generationKwargs = {
      stream: false,
      stream_options: { include_usage: false, continuous_usage_stats: true },
      messages: [],
      max_tokens: 1,
      model: 'other',
    };
    expect(bodyOf({ stream: true, generationKwargs })).toEqual({
      ...generationKwargs,
      max_tokens: 512,
      model: 'm',
    });
  });

  it('hands a dialogue on as it is, parts and other keys included', () => {
    const dialogue = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [{ type: 'text', text: 'Hi' }], name: 'ann' },
    ];
    expect(create().getRequestBody(dialogue, 5)).toMatchObject({ messages: dialogue });
  });

  it('carries the functions of a call, and an adapter in the model’s place', () => {
    const args = { index: 0, repetition: 0, conversationId: 'c', turn: 0 };
    const { body } = recorded('vllm-tools/tools_auto_stream').request! as { body: any };
    const { tools, messages, temperature, tool_choice } = body;
    const model = create(
      modelOptions({ model: body.model, stream: true, generationKwargs: { temperature, tool_choice } }),
    );
    expect(model.getRequestBody(messages, 48, undefined, { ...args, tools })).toEqual(body);
    expect(model.getRequestBody(messages, 48, undefined, args)).not.toHaveProperty('tools');
    expect(model.getRequestBody('Hi', 48, undefined, { ...args, adapter: 'my-lora' })).toMatchObject({
      model: 'my-lora',
    });
  });

  it('goes to v1/chat/completions below the base URL', () => {
    expect(create(modelOptions({ url: 'https://host/gate' })).getUrl()).toBe(
      'https://host/gate/v1/chat/completions',
    );
  });
});

describe('the streamed reply', () => {
  const stream = (objects: readonly unknown[]) =>
    replay(create(modelOptions({ stream: true })), {
      status: 200,
      body: Buffer.from(sseEvents(objects).join('')),
    });
  const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });

  it.each(['reasoning_content', 'reasoning'])('reads the reasoning channel from %s', async (field) => {
    const { output, kinds, failure } = await stream([
      delta({ role: 'assistant', content: '' }),
      delta({ [field]: 'hm' }),
      delta({ [field]: 'm', content: null }),
      delta({ content: 'Yes' }),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 4 } },
    ]);
    expect(failure).toBeUndefined();
    expect(kinds).toEqual(['role', 'reasoning', 'reasoning', 'content', 'finish', 'usage']);
    expect(output).toMatchObject({
      reasoningContent: 'hmm',
      content: 'Yes',
      finishReason: 'stop',
      inputTokens: 3,
      outputTokens: 4,
    });
  });

  it.each([
    [{ cached_tokens: 2 }, 2],
    [{ cached_tokens: -2 }, undefined],
    [null, undefined],
  ])('takes %j for what the prefix cache had', async (prompt_tokens_details, cachedTokens) => {
    const usage = { prompt_tokens: 3, completion_tokens: 4, prompt_tokens_details };
    const { output } = await stream([delta({ content: 'Yes' }), { choices: [], usage }]);
    expect(output).toMatchObject({ inputTokens: 3, cachedTokens });
  });

  it('takes over how many tokens were reasoning', async () => {
    const usage = {
      prompt_tokens: 3,
      completion_tokens: 4,
      completion_tokens_details: { reasoning_tokens: 3 },
    };
    const { output } = await stream([delta({ reasoning: 'hm', content: 'Yes' }), { choices: [], usage }]);
    expect(output).toMatchObject({ outputTokens: 4, reasoningTokens: 3 });
  });

  it('looks past an empty reasoning_content to reasoning', async () => {
    const { output } = await stream([delta({ reasoning_content: '', reasoning: 'hm', content: 'a' })]);
    expect(output.reasoningContent).toBe('hm');
  });

  it('counts tokens an event where the usage is running', async () => {
    const running = recorded('vllm/chat_stream_usage_continuous');
    const { attempt, output } = await replay(create(modelOptions({ stream: true })), running);
    expect(Array.from(attempt.events.tokens)).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    expect(output.outputTokens).toBe(8);
  });

  it('assembles interleaved tool calls by their index', async () => {
    const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
    const { output } = await stream([
      call(0, { id: 'a', function: { name: 'f', arguments: '' } }),
      call(1, { id: 'b', function: { name: 'g', arguments: '{' } }),
      call(0, { function: { arguments: '{"x"' } }),
      call(1, { function: { arguments: '}' } }),
      call(0, { function: { arguments: ':1}' } }),
    ]);
    expect(output.toolCalls).toEqual([
      { id: 'a', name: 'f', arguments: '{"x":1}' },
      { id: 'b', name: 'g', arguments: '{}' },
    ]);
  });

  it.each([1e9, -1, 0.5, '0', null])('survives the tool-call index %s', async (index) => {
    const { output, failure } = await stream([
      delta({ tool_calls: [{ index, function: { name: 'f', arguments: '{}' } }] }),
    ]);
    expect(failure).toBeUndefined();
    expect(output.toolCalls).toEqual([{ name: 'f', arguments: '{}' }]);
  });
});

it('reads reasoning and tool calls of a whole message', () => {
  const output = new RequestOutput();
  const message = {
    role: 'assistant',
    content: null,
    reasoning: 'hm',
    tool_calls: [{ id: 'a', function: { name: 'f', arguments: { x: 1 } } }],
  };
  create().parseTextResponse({ choices: [{ message, finish_reason: 'tool_calls' }] }, output);
  expect(output).toMatchObject({
    content: '',
    reasoningContent: 'hm',
    toolCalls: [{ id: 'a', name: 'f', arguments: '{"x":1}' }],
    finishReason: 'tool_calls',
  });
});
