import { describe, expect, it } from 'vitest';
import { FAST, keysOf, post, simService } from '../../../test/support/sim-service.ts';
import type { RunningService, ServiceOptions } from '../service.ts';

const CONTENTS = [{ role: 'user', parts: [{ text: 'Hello there' }] }];
const LIMIT = { maxOutputTokens: 5 };
const service = (options: ServiceOptions = {}) => simService({ engine: { ...FAST, model: 'm' }, ...options });

const WHOLE = 'v1beta/models/m:generateContent';
const ARRAY = 'v1beta/models/m:streamGenerateContent';
const SSE = `${ARRAY}?alt=sse`;

/** Status and parsed body: events of a stream are a list, as the array is. */
async function ask(sim: RunningService, path: string, body: unknown): Promise<[number, any]> {
  const response = await post(sim, path, body);
  const text = await response.text();
  if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
    return [response.status, JSON.parse(text)];
  const events = text.split('\r\n\r\n');
  expect(events.pop()).toBe('');
  return [response.status, events.map((event) => JSON.parse(event.replace(/^data: /, '')))];
}

const textOf = (reply: any): string => reply.candidates[0].content.parts[0].text;

describe('gemini', () => {
  it('gives the same text whole, in events and in an array', async () => {
    const sim = await service();
    const [, reply] = await ask(sim, WHOLE, { contents: CONTENTS });
    expect(keysOf(reply)).toEqual([
      'candidates',
      'candidates.content',
      'candidates.content.parts',
      'candidates.content.parts.text',
      'candidates.content.role',
      'candidates.finishReason',
      'candidates.index',
      'usageMetadata',
      'usageMetadata.promptTokenCount',
      'usageMetadata.candidatesTokenCount',
      'usageMetadata.totalTokenCount',
      'usageMetadata.promptTokensDetails',
      'usageMetadata.promptTokensDetails.modality',
      'usageMetadata.promptTokensDetails.tokenCount',
      'modelVersion',
      'responseId',
    ]);
    expect(reply.candidates[0].finishReason).toBe('STOP');
    for (const path of [SSE, ARRAY]) {
      const [status, events] = await ask(sim, path, { contents: CONTENTS });
      expect(status).toBe(200);
      expect(events.map(textOf).join('')).toBe(textOf(reply));
      expect(events.filter((event: any) => event.candidates[0].finishReason)).toEqual([events.at(-1)]);
      expect(events.at(-1).usageMetadata).toEqual(reply.usageMetadata);
    }
  });

  it('counts so far in each event', async () => {
    const [, events] = await ask(await service(), SSE, { contents: CONTENTS, generationConfig: LIMIT });
    const counts = events.map(({ usageMetadata }: any) => usageMetadata.candidatesTokenCount);
    expect(counts).toEqual([1, 2, 3, 4, 5]);
    expect(events.at(-1).candidates[0].finishReason).toBe('MAX_TOKENS');
    const { promptTokenCount, totalTokenCount } = events.at(-1).usageMetadata;
    expect(totalTokenCount).toBe(promptTokenCount + 5);
  });

  it('takes a system instruction, stop sequences and images', async () => {
    const sim = await service();
    const tokens = async (more: object, ...parts: readonly object[]) => {
      const contents = [{ role: 'user', parts: [...parts, ...CONTENTS[0]!.parts] }];
      const [status, reply] = await ask(sim, WHOLE, { contents, ...more, generationConfig: LIMIT });
      expect(status, JSON.stringify(reply)).toBe(200);
      return reply.usageMetadata.promptTokenCount;
    };
    const least = await tokens({});
    expect(await tokens({ systemInstruction: { parts: [{ text: 'Be brief.' }] } })).toBeGreaterThan(least);
    const data = Buffer.from('ffd8ffe0', 'hex').toString('base64');
    const image = await tokens({}, { inlineData: { mimeType: 'image/jpeg', data } });
    expect(image - least).toBeGreaterThanOrEqual(256);
    const video = await tokens({}, { fileData: { fileUri: 'gs://bucket/a.mp4', mimeType: 'video/mp4' } });
    expect(video - least).toBeGreaterThanOrEqual(256);
    const generationConfig = { stopSequences: ['simulated'] };
    const [, stopped] = await ask(sim, WHOLE, { contents: CONTENTS, generationConfig });
    expect([textOf(stopped), stopped.candidates[0].finishReason]).toEqual(['This is a ', 'STOP']);
  });

  it.each([
    ['no JSON', 'x', 400],
    ['no contents', {}, 400],
    ['an unknown role', { contents: [{ ...CONTENTS[0], role: 'system' }] }, 400],
    ['a part of another kind', { contents: [{ role: 'user', parts: [{ executableCode: {} }] }] }, 400],
    ['a limit of 0', { contents: CONTENTS, generationConfig: { maxOutputTokens: 0 } }, 400],
    ['a limit in words', { contents: CONTENTS, generationConfig: { maxOutputTokens: 'six' } }, 400],
    ['a schema', { contents: CONTENTS, generationConfig: { responseSchema: {} } }, 400],
    ['functions', { contents: CONTENTS, tools: [{ functionDeclarations: [] }] }, 400],
    ['a long prompt', { contents: [{ parts: [{ text: 'word '.repeat(9000) }] }] }, 400],
  ])('refuses %s', async (_, body, status) => {
    const sim = await service();
    const error = { code: status, message: expect.any(String), status: 'INVALID_ARGUMENT' };
    expect(await ask(sim, WHOLE, body)).toEqual([status, { error }]);
    expect(await ask(sim, SSE, body)).toEqual([status, { error }]);
    expect(await ask(sim, ARRAY, body)).toEqual([status, [{ error }]]);
  });

  it('lists its model, and knows no other', async () => {
    const sim = await service();
    const list: any = await (await fetch(`${sim.url}v1beta/models`)).json();
    expect(list.models).toMatchObject([{ name: 'models/m', inputTokenLimit: 8192 }]);
    expect(await (await fetch(`${sim.url}v1beta/models/m`)).json()).toEqual(list.models[0]);
    const [status, { error }] = await ask(sim, WHOLE.replace('/m:', '/other:'), { contents: CONTENTS });
    expect([status, error.status]).toEqual([404, 'NOT_FOUND']);
  });

  it('takes its key in the header of Google', async () => {
    const sim = await service({ apiKey: 'secret' });
    const send = async (key: string) => {
      const headers = { 'x-goog-api-key': key, authorization: '' };
      const body = { contents: CONTENTS, generationConfig: LIMIT };
      return (await post(sim, WHOLE, body, { headers })).status;
    };
    expect([await send('secret'), await send('wrong')]).toEqual([200, 401]);
  });
});
