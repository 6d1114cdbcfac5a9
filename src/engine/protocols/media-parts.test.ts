import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FOLDER, nameOf } from '../../../scripts/draw-shapes.ts';
import { encodePng } from '../../../scripts/png.ts';
import { ask, post, simService } from '../../../test/support/sim-service.ts';
import { createSimEngine } from '../sim-engine.ts';
import { readMessages } from './openai-request.ts';

const path = 'v1/chat/completions';
const text = { type: 'text', text: 'What is it?' };
const chat = (...content: readonly object[]) => ({ messages: [{ role: 'user', content }] });
const dataUrl = (bytes: Buffer, mime = 'image/png') => `data:${mime};base64,${bytes.toString('base64')}`;
const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const png = (width: number, height: number) =>
  dataUrl(encodePng({ width, height, rgb: new Uint8Array(width * height * 3) }));
const shape = dataUrl(readFileSync(join(FOLDER, nameOf(0))));

/** Tokens that parts add to a prompt, the line break behind each left out. */
async function tokensOf(...parts: readonly object[]): Promise<number> {
  const sim = await simService();
  const tokens = async (...content: readonly object[]) =>
    (await ask(sim, path, chat(...content))).usage.prompt_tokens as number;
  return (await tokens(...parts, text)) - (await tokens(text)) - parts.length;
}

describe('the simulated engine', () => {
  it.each([
    ['a picture of the demo: 4 × 4 patches', [image(shape)], 16],
    ['a patch that is begun', [image(png(29, 28))], 2],
    ['two pictures', [image(png(28, 28)), image(png(56, 28))], 3],
    ['a JPEG', [image(dataUrl(Buffer.from('ffd8ffe0', 'hex'), 'image/jpeg'))], 256],
    ['a picture of elsewhere', [image('https://host/a.png')], 256],
    ['frames', [{ type: 'video_url', video_url: { url: 'data:video/jpeg;base64,AAAA,BBBB,CCCC' } }], 768],
    ['a sound', [{ type: 'audio_url', audio_url: { url: 'data:audio/wav;base64,AAAA' } }], 256],
  ])('counts %s', async (_, parts, tokens) => {
    expect(await tokensOf(...parts)).toBe(tokens);
  });

  it('is not led to count more than it has room for', async () => {
    const huge = Buffer.from(shape.split(',')[1]!, 'base64');
    huge.writeUInt32BE(0xffff_ffff, 16);
    const response = await post(await simService(), path, chat(image(dataUrl(huge)), text));
    expect(response.status).toBe(400);
  });

  it('answers a question of the demo with a picture before it, in every protocol of parts', async () => {
    const sim = await simService({ engine: { kind: 'sim', baseStepMs: 0.1, accuracy: 1 } });
    const question = 'How many red circles are there?\nAnswer with one number.';
    const first = await ask(sim, path, chat(image(shape), { type: 'text', text: question }));
    expect(first.choices[0].message.content).toBe('3');
    const source = { type: 'base64', media_type: 'image/png', data: shape.split(',')[1] };
    const content = [
      { type: 'image', source },
      { type: 'text', text: question },
    ];
    const messages = [{ role: 'user', content }];
    const second = await ask(sim, 'v1/messages', { messages, max_tokens: 9 });
    expect([second.content[0].text, second.usage.input_tokens]).toEqual(['3', first.usage.prompt_tokens]);
    const parts = [
      { type: 'input_image', image_url: shape },
      { type: 'input_text', text: question },
    ];
    const third = await ask(sim, 'v1/responses', { input: [{ role: 'user', content: parts }] });
    expect([third.output[0].content[0].text, third.usage.input_tokens]).toEqual([
      '3',
      first.usage.prompt_tokens,
    ]);
  });

  it.each([
    ['no image', 'data:image/png;base64,AAAA', 'vlm_err_bad_base64'],
    ['a file', 'file:///srv/a.png', 'vlm_err_file_url'],
  ])('refuses %s as vLLM does', async (_, url, recording) => {
    const file = new URL(`../../../test/fixtures/vllm-vlm/${recording}`, import.meta.url);
    const recorded = JSON.parse(readFileSync(fileURLToPath(`${file}.body.bin`), 'utf8'));
    const response = await post(await simService(), path, chat(image(url), text));
    expect(response.status).toBe(recorded.error.code);
    const { error }: any = await response.json();
    expect({ ...error, message: '' }).toEqual({ ...recorded.error, message: '' });
    expect(recorded.error.message).toContain(error.message);
  });
});

it('an engine without eyes says so, as vLLM does', () => {
  const { takesMedia: _, ...blind } = createSimEngine();
  const messages = [{ role: 'user', content: [image(shape), text] }];
  let thrown: any;
  try {
    readMessages(messages, 'body.messages', blind);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toMatchObject({
    status: 400,
    body: { error: { message: 'ais-bench-sim is not a multimodal model', type: 'BadRequestError' } },
  });
});
