/** Images, video and audio in the requests of every protocol: each in its own form, or refused by name. */
import { describe, expect, it } from 'vitest';
import type { PromptList } from '../../contract/prompt-list.ts';
import { modelOptions } from '../../testing/index.ts';
import { AnthropicMessages } from './anthropic-messages.ts';
import { LlamaCppAPI } from './llama-cpp-api.ts';
import { MindieStreamApi } from './mindie-stream-api.ts';
import { OllamaAPI } from './ollama-api.ts';
import { OpenAIResponses } from './openai-responses.ts';
import { SGLangAPI } from './sglang-api.ts';
import { TGICustomAPI } from './tgi-custom-api.ts';
import { TritonCustomAPI } from './triton-custom-api.ts';
import { VITAGenerateAPI } from './vita-generate-api.ts';
import { VLLMCustomAPI } from './vllm-custom-api.ts';
import { VLLMCustomAPIChat } from './vllm-custom-api-chat.ts';
import { VLLMCustomAPIOld } from './vllm-custom-api-old.ts';

const text = { type: 'text', text: 'What is it?' };
const part = (kind: string, url: string, rest = {}) => ({
  type: `${kind}_url`,
  [`${kind}_url`]: { url, ...rest },
});
const image = part('image', 'data:image/png;base64,QUJD', { detail: 'low' });
const asks = (...parts: readonly { type: string }[]): PromptList => [
  { role: 'user', content: [...parts, text] },
];
const args = { index: 0, repetition: 0, conversationId: 'a', turn: 0 };

function bodyOf(Class: any, prompt: PromptList): any {
  return new Class(modelOptions()).getRequestBody(prompt, 5, {}, args);
}

describe.each([
  VLLMCustomAPI,
  VLLMCustomAPIOld,
  TGICustomAPI,
  TritonCustomAPI,
  MindieStreamApi,
  SGLangAPI,
  LlamaCppAPI,
])('%o', (Class) => {
  it.each(['image', 'video', 'audio'])('takes text only: %s is refused by name', (kind) => {
    expect(() => bodyOf(Class, asks(part(kind, 'https://host/a')))).toThrow(
      expect.objectContaining({
        code: 'ICLR-PARAM-003',
        message: `${Class.name} cannot send a part ${kind}_url`,
      }),
    );
  });

  it('takes parts that are texts', () => {
    expect(JSON.stringify(bodyOf(Class, asks()))).toContain('"What is it?"');
  });
});

describe.each([OpenAIResponses, AnthropicMessages, OllamaAPI])('%o', (Class) => {
  it.each(['video', 'audio'])('has no place for %s, which is refused by name', (kind) => {
    expect(() => bodyOf(Class, asks(image, part(kind, 'https://host/a')))).toThrow(
      expect.objectContaining({ code: 'ICLR-PARAM-003', message: expect.stringContaining(Class.name) }),
    );
  });
});

it('VLLMCustomAPIChat sends them as they are', () => {
  const prompt = asks(image, part('video', 'file:///a.mp4'), part('audio', 'https://host/a.wav'));
  expect(bodyOf(VLLMCustomAPIChat, prompt).messages).toEqual(prompt);
});

it('OpenAIResponses says images as input_image', () => {
  const [{ content }] = bodyOf(OpenAIResponses, asks(image, part('image', 'https://host/a.png'))).input;
  expect(content).toEqual([
    { type: 'input_image', image_url: 'data:image/png;base64,QUJD', detail: 'low' },
    { type: 'input_image', image_url: 'https://host/a.png' },
    { type: 'input_text', text: 'What is it?' },
  ]);
});

it('AnthropicMessages says images with their source', () => {
  const [{ content }] = bodyOf(AnthropicMessages, asks(image, part('image', 'https://host/a.png'))).messages;
  expect(content).toEqual([
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } },
    { type: 'image', source: { type: 'url', url: 'https://host/a.png' } },
    text,
  ]);
});

it('VITAGenerateAPI says them flat, files by their path', () => {
  const parts = [
    image,
    part('video', 'file:///my%20films/%23%2C1.mp4'),
    part('audio', 'file://sounds/100%.wav'),
  ];
  expect(bodyOf(VITAGenerateAPI, asks(...parts)).prompt).toEqual([
    { type: 'image_url', image_url: 'data:image/png;base64,QUJD' },
    { type: 'video_url', video_url: '/my films/#,1.mp4' },
    { type: 'audio_url', audio_url: 'sounds/100%.wav' },
    text,
  ]);
});
