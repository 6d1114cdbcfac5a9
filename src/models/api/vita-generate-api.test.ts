/** VITA runs behind MindIE: no RecordedReply was to be had, these are written from AISBench's description. */
import { describe, expect, it } from 'vitest';
import { modelOptions, streamReply, testServiceModel, textReply } from '../../testing/index.ts';
import { VITAGenerateAPI } from './vita-generate-api.ts';

const create = (options = modelOptions()) => new VITAGenerateAPI(options);

describe('VITAGenerateAPI, written replies', () => {
  testServiceModel(it, {
    create,
    recordings: {
      text: textReply({ text: ['A cat 猫.'] }),
      stream: streamReply(
        ['A', ' cat', ' 猫', '.'].map((piece) => ({ text: [piece] })),
        { done: false },
      ),
    },
  });
});

describe('the request', () => {
  const bodyOf = (input: Parameters<VITAGenerateAPI['getRequestBody']>[0], generationKwargs = {}) =>
    create(modelOptions({ model: 'vita', generationKwargs })).getRequestBody(input, 512);

  it('is AISBench’s: a text is one part (App. A.6)', () => {
    expect(bodyOf('Hi', { temperature: 0.01 })).toEqual({
      prompt: [{ type: 'text', text: 'Hi' }],
      max_tokens: 512,
      stream: false,
      model: 'vita',
      temperature: 0.01,
    });
  });

  it('flattens media parts to plain strings, files to their path', () => {
    const content = [
      { type: 'image_url', image_url: { url: 'file:///data/a.png' } },
      { type: 'video_url', video_url: { url: 'https://host/b.mp4' } },
      { type: 'audio_url', audio_url: 'file:///data/c.wav' },
      { type: 'text', text: 'file://is no path here' },
      { type: 'other' },
    ];
    expect(
      bodyOf([
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content },
      ]),
    ).toMatchObject({
      prompt: [
        { type: 'text', text: 'Be brief.' },
        { type: 'image_url', image_url: '/data/a.png' },
        { type: 'video_url', video_url: 'https://host/b.mp4' },
        { type: 'audio_url', audio_url: '/data/c.wav' },
        { type: 'text', text: 'file://is no path here' },
        { type: 'other' },
      ],
    });
  });

  it('names an adapter as its model', () => {
    const args = { index: 0, repetition: 0, conversationId: 'c0', turn: 0, adapter: 'my-lora' };
    expect(create().getRequestBody('Hi', 5, undefined, args)).toMatchObject({ model: 'my-lora' });
  });
});
