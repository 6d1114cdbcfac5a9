import { describe, expect, it } from 'vitest';
import { ask, askStream, FAST, post, simService } from '../../../test/support/sim-service.ts';

const service = () => simService({ engine: { ...FAST, model: 'm' } });
const GENERATE = 'v2/models/m/generate';
const STREAM = 'v2/models/m/generate_stream';

describe('triton', () => {
  it('gives the same text whole and streamed, without an end mark', async () => {
    const sim = await service();
    const body = { text_input: 'Hello there', parameters: { max_new_tokens: 12 } };
    const { text_output } = await ask(sim, GENERATE, body);
    const events = await askStream(sim, STREAM, body);
    expect(events).toHaveLength(12);
    expect(events.map((event) => event.text_output).join('')).toBe(text_output);
  });

  it.each([
    ['max_tokens beside text_input', { max_tokens: 3 }],
    ['max_new_tokens in parameters', { parameters: { max_new_tokens: 3 } }],
  ])('takes %s', async (_, limit) => {
    const events = await askStream(await service(), STREAM, { text_input: 'Hi', ...limit });
    expect(events).toHaveLength(3);
  });

  it('honours ignore_eos, and cuts what the context has no room for', async () => {
    const sim = await simService({ engine: { ...FAST, model: 'm', contextLength: 600 } });
    const parameters = { max_new_tokens: 5000, ignore_eos: true };
    const events = await askStream(sim, STREAM, { text_input: 'Hi', parameters });
    expect(events).toHaveLength(599);
  });

  it('echoes the id', async () => {
    const events = await askStream(await service(), STREAM, { id: 'x"1', text_input: 'Hi', max_tokens: 2 });
    expect(events.map(({ id }) => id)).toEqual(['x"1', 'x"1']);
  });

  it('gives one event when a stream is declined', async () => {
    const events = await askStream(await service(), STREAM, { text_input: 'Hi', stream: false });
    expect(events).toHaveLength(1);
  });

  it('says in a reply with status 200 that a stream cannot be had from generate', async () => {
    const reply = await ask(await service(), GENERATE, { text_input: 'Hi', stream: true });
    expect(Object.keys(reply)).toEqual(['error']);
  });

  it('answers whether it is ready, and what the model takes', async () => {
    const { url } = await service();
    const status = async (path: string) => (await fetch(url + path)).status;
    expect(await status('v2/health/live')).toBe(200);
    expect(await status('v2/health/ready')).toBe(200);
    expect(await status('v2/models/m/ready')).toBe(200);
    expect(await status('v2/models/other/ready')).toBe(400);
    expect(await status('v2/models/other')).toBe(404);
    const meta: any = await (await fetch(`${url}v2/models/m`)).json();
    expect(meta.inputs[0]).toMatchObject({ name: 'text_input', datatype: 'BYTES' });
    expect(await (await fetch(`${url}v2`)).json()).toMatchObject({ extensions: ['parameters', 'generate'] });
  });

  it.each([
    ['a request without text', { max_tokens: 3 }, 400],
    ['a limit of 0', { text_input: 'Hi', max_tokens: 0 }, 400],
    ['a limit in words', { text_input: 'Hi', parameters: { max_new_tokens: 'six' } }, 500],
    ['a long prompt', { text_input: 'word '.repeat(9000) }, 400],
  ])('refuses %s', async (_, body, status) => {
    const response = await post(await service(), GENERATE, body);
    expect(response.status).toBe(status);
    expect(Object.keys((await response.json()) as object)).toEqual(['error']);
  });

  it('finds a model whose name needs escapes', async () => {
    const sim = await simService({ engine: { ...FAST, model: 'org/m 1' } });
    const path = `v2/models/${encodeURIComponent('org/m 1')}/generate`;
    expect((await ask(sim, path, { text_input: 'Hi' })).model_name).toBe('org/m 1');
  });
});
