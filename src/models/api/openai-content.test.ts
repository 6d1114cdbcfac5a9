/** Content as some servers write it where OpenAI's have a text. */
import { describe, expect, it } from 'vitest';
import { RequestOutput } from '../../contract/output.ts';
import { modelOptions, replay, textReply } from '../../testing/index.ts';
import { VLLMCustomAPI } from './vllm-custom-api.ts';
import { VLLMCustomAPIChat } from './vllm-custom-api-chat.ts';

const chat = new VLLMCustomAPIChat(modelOptions());
const completions = new VLLMCustomAPI(modelOptions());

function read(parse: (output: RequestOutput) => void): readonly [content: string, reasoning: string] {
  const output = new RequestOutput();
  parse(output);
  return [output.content, output.reasoningContent];
}

const THINKING = {
  type: 'thinking',
  thinking: [
    { type: 'text', text: 'Well. ' },
    { type: 'text', text: 'So.' },
  ],
};

describe.each<[string, unknown, string, string]>([
  ['a text', 'Paris', 'Paris', ''],
  [
    'a list of parts',
    [
      { type: 'text', text: 'Pa' },
      { type: 'text', text: 'ris' },
    ],
    'Paris',
    '',
  ],
  ['a list with thinking, as Mistral’s', [THINKING, { type: 'text', text: 'Paris' }], 'Paris', 'Well. So.'],
  ['thinking that is a text', [{ type: 'thinking', thinking: 'Well.' }], '', 'Well.'],
  ['a list of texts', ['Pa', 'ris'], 'Paris', ''],
  ['parts without a text', [{ type: 'reference', reference_ids: [1] }, null, 5, { text: 7 }], '', ''],
  ['a number', 42, '42', ''],
  ['nothing', null, '', ''],
  ['an object', { text: 'Paris' }, '', ''],
])('content that is %s', (_what, content, text, reasoning) => {
  it('is read from a message and from a delta', () => {
    const [message, delta] = [{ choices: [{ message: { content } }] }, { choices: [{ delta: { content } }] }];
    expect(read((output) => chat.parseTextResponse(message, output))).toEqual([text, reasoning]);
    expect(read((output) => chat.parseStreamResponse(delta, output))).toEqual([text, reasoning]);
  });

  it('is read from a completion', () => {
    const data = { choices: [{ text: content }] };
    expect(read((output) => completions.parseTextResponse(data, output))).toEqual([text, reasoning]);
  });
});

it('choices and messages that are nothing but a text are read', () => {
  for (const model of [chat, completions]) {
    expect(read((output) => model.parseTextResponse({ choices: ['Paris'] }, output))).toEqual(['Paris', '']);
    expect(read((output) => model.parseStreamResponse({ choices: ['Paris'] }, output))).toEqual([
      'Paris',
      '',
    ]);
  }
  const message = { choices: [{ message: 'Paris', finish_reason: 'stop' }] };
  expect(read((output) => chat.parseTextResponse(message, output))).toEqual(['Paris', '']);
});

it('NaN for a count costs the count and not the answer', async () => {
  const body =
    '{"choices":[{"message":{"content":"Paris"},"finish_reason":"stop"}],"usage":{"prompt_tokens":NaN,"completion_tokens":2}}';
  const reply = { ...textReply({}), body: Buffer.from(body) };
  const { output, failure } = await replay(chat, reply);
  expect(failure).toBeUndefined();
  expect(output).toMatchObject({ content: 'Paris', inputTokens: undefined, outputTokens: 2 });
});
