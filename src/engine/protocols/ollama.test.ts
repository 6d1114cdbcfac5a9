import { describe, expect, it } from 'vitest';
import { FAST, keysOf, post, simService } from '../../../test/support/sim-service.ts';
import { readRecordedReply } from '../../testing/index.ts';
import type { RunningService } from '../service.ts';

const HELLO = [{ role: 'user', content: 'Hello there' }];
const model = 'm';
const service = () => simService({ engine: { ...FAST, model } });

async function lines(sim: RunningService, path: string, body: object): Promise<any[]> {
  const response = await post(sim, path, { model, ...body });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  const all = (await response.text()).split('\n');
  expect(all.pop()).toBe('');
  return all.map((line) => JSON.parse(line));
}

async function whole(sim: RunningService, path: string, body: object): Promise<any> {
  const response = await post(sim, path, { model, stream: false, ...body });
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'application/json; charset=utf-8',
  ]);
  return response.json();
}

/** Keys of each object of a reply that was written after Ollama's documentation. */
function kindsOf(objects: readonly any[]): readonly string[] {
  return [...new Set(objects.map((object) => keysOf(object).join(' ')))];
}

const fixture = (name: string) =>
  Buffer.from(readRecordedReply(`test/fixtures/ollama/${name}`).body)
    .toString()
    .trim()
    .split('\n')
    // Token ids, which engines do not report.
    .map((line) => ({ ...JSON.parse(line), context: undefined }))
    .map((object) => JSON.parse(JSON.stringify(object)));

describe.each([
  ['api/chat', 'chat', { messages: HELLO }, (line: any) => line.message.content],
  ['api/generate', 'generate', { prompt: 'Hello there' }, (line: any) => line.response],
])('%s', (path, name, body, textOf) => {
  it('gives the same text whole and in lines, with the keys of Ollama', async () => {
    const sim = await service();
    const reply = await whole(sim, path, body);
    const streamed = await lines(sim, path, body);
    expect(kindsOf([reply])).toEqual(kindsOf(fixture(name)));
    expect(kindsOf(streamed)).toEqual(kindsOf(fixture(`${name}_stream`)));
    expect(streamed.map(textOf).join('')).toBe(textOf(reply));
    expect(streamed.filter(({ done }) => done)).toEqual([streamed.at(-1)]);
    expect(textOf(streamed.at(-1))).toBe('');
  });

  it('streams unless the request declines, and counts once at the end', async () => {
    const options = { num_predict: 5 };
    const streamed = await lines(await service(), path, { ...body, options });
    expect(streamed).toHaveLength(6);
    expect(streamed.at(-1)).toMatchObject({ model, done: true, done_reason: 'length', eval_count: 5 });
    expect(streamed.at(-1).prompt_eval_count).toBeGreaterThan(0);
  });

  it('ends at a stop string, and without a limit at the end of the text', async () => {
    const sim = await service();
    const stopped = await whole(sim, path, { ...body, options: { stop: ['simulated'] } });
    expect([textOf(stopped), stopped.done_reason]).toEqual(['This is a ', 'stop']);
    const open = await whole(sim, path, { ...body, options: { num_predict: -1 } });
    expect(open.done_reason).toBe('stop');
    expect(open.eval_count).toBeGreaterThan(30);
  });

  it('only loads the model where it has nothing to answer', async () => {
    const response = await post(await service(), path, { model });
    const reply: any = await response.json();
    expect(reply).toMatchObject({ done: true, done_reason: 'load' });
    expect(textOf(reply)).toBe('');
  });

  it.each([
    ['no JSON', 'x', 400],
    ['no model', { model: '' }, 400],
    ['another model', { model: 'absent:1b' }, 404],
    ['a number in words', { options: { num_predict: 'six' } }, 400],
    ['tools', { tools: [{ type: 'function', function: { name: 'f' } }] }, 400],
    ['thinking', { think: true }, 400],
    ['a format', { format: 'json' }, 400],
  ])('refuses %s', async (_, wrong, status) => {
    const sent = typeof wrong === 'string' ? wrong : { model, ...body, ...wrong };
    const response = await post(await service(), path, sent);
    expect([response.status, await response.json()]).toEqual([status, { error: expect.any(String) }]);
  });
});

describe('Ollama', () => {
  it('reads system and prompt of generate as a chat', async () => {
    const sim = await service();
    const content = await whole(sim, 'api/generate', { prompt: 'Hello there', system: 'Be brief.' });
    const messages = [{ role: 'system', content: 'Be brief.' }, ...HELLO];
    const { prompt_eval_count } = await whole(sim, 'api/chat', { messages });
    expect(content.prompt_eval_count).toBe(prompt_eval_count);
    expect((await post(sim, 'api/generate', { model, prompt: 'a', raw: true, system: 'b' })).status).toBe(
      400,
    );
  });

  it('counts an image, and refuses what is none', async () => {
    const sim = await service();
    const count = async (images: readonly string[]) =>
      (await whole(sim, 'api/chat', { messages: [{ ...HELLO[0], images }] })).prompt_eval_count;
    const jpeg = Buffer.from('ffd8ffe0', 'hex').toString('base64');
    expect((await count([jpeg])) - (await count([]))).toBeGreaterThanOrEqual(256);
    const body = { model, messages: [{ ...HELLO[0], images: ['AAAA'] }] };
    expect((await post(sim, 'api/chat', body)).status).toBe(400);
  });

  it('lists its model, whose name with and without the tag is the same', async () => {
    const sim = await service();
    const tags: any = await (await fetch(`${sim.url}api/tags`)).json();
    expect(tags.models).toMatchObject([{ name: 'm:latest', model: 'm:latest' }]);
    const reply = await whole(sim, 'api/chat', { messages: HELLO, model: 'm:latest' });
    expect(reply.model).toBe('m:latest');
  });

  it('refuses a prompt that leaves no room', async () => {
    const response = await post(await service(), 'api/generate', { model, prompt: 'word '.repeat(9000) });
    expect([response.status, await response.json()]).toEqual([400, { error: expect.any(String) }]);
  });
});
