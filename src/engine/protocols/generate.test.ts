/** `generate` is the path of four protocols; the body tells which one is meant. */
import { describe, expect, it } from 'vitest';
import { ask, askStream, post, simService } from '../../../test/support/sim-service.ts';

const LIMIT = { max_tokens: 5 };

describe('generate', () => {
  it('of old vLLM gives prompt and text, in a stream all of the text so far', async () => {
    const sim = await simService();
    const { text } = await ask(sim, 'generate', { prompt: 'Hello', ...LIMIT });
    const events = await askStream(sim, 'generate', { prompt: 'Hello', stream: true, ...LIMIT });
    expect(events).toHaveLength(5);
    expect(events.at(-1)).toEqual({ text });
    for (const event of events) expect(text[0].startsWith(event.text[0])).toBe(true);
    expect(text[0]).toMatch(/^HelloThis is/);
  });

  it('of VITA takes parts and gives the text alone, in a stream what is new', async () => {
    const sim = await simService();
    const body = { prompt: [{ type: 'text', text: 'Hello' }], model: 'vita', ...LIMIT };
    const { text } = await ask(sim, 'generate', body);
    const events = await askStream(sim, 'generate', { ...body, stream: true });
    expect(events.map((event) => event.text[0]).join('')).toBe(text[0]);
    expect(text[0]).toMatch(/^This is/);
  });

  it('with inputs is TGI', async () => {
    expect(Object.keys(await ask(await simService(), 'generate', { inputs: 'Hello' }))).toEqual([
      'generated_text',
    ]);
  });

  it('with none of them is refused by the first protocol that is spoken', async () => {
    expect((await post(await simService(), 'generate', {})).status).toBe(422);
    const old = await simService({ protocols: ['vllm', 'vita'] });
    expect(await (await post(old, 'generate', {})).json()).toEqual({ detail: 'the request has no prompt' });
    expect((await post(old, 'generate', { prompt: [{ type: 'image_url', image_url: 'x' }] })).status).toBe(
      400,
    );
    expect((await post(old, 'generate', 'no JSON')).status).toBe(400);
  });

  it.each([
    [{ prompt: 'a', max_tokens: 0 }],
    [{ prompt: 'a', max_tokens: 'six' }],
    [{ prompt: 'word '.repeat(9000) }],
  ])('refuses a bad value', async (body) => {
    const response = await post(await simService(), 'generate', body);
    expect([response.status, Object.keys((await response.json()) as object)]).toEqual([400, ['detail']]);
  });
});

describe('a service that speaks MindIE alone', () => {
  it('answers a text prompt with what is new, and has the forms of TGI and Triton', async () => {
    const sim = await simService({ protocols: ['mindie'] });
    const { text } = await ask(sim, 'generate', { prompt: 'Hello', ...LIMIT });
    expect(text).toEqual(['This is a simulated']);
    const events = await askStream(sim, 'generate', { prompt: 'Hello', stream: true, ...LIMIT });
    expect(events.map((event) => event.text[0]).join('')).toBe(text[0]);
    const parameters = { max_new_tokens: 5 };
    expect(await ask(sim, 'generate', { inputs: 'Hello', parameters })).toEqual({ generated_text: text[0] });
    const triton = await ask(sim, 'v2/models/ais-bench-sim/generate', { text_input: 'Hello', parameters });
    expect(triton.text_output).toBe(text[0]);
    expect((await post(sim, 'v1/completions', { prompt: 'Hello' })).status).toBe(404);
    expect((await fetch(`${sim.url}v1/models`)).status).toBe(200);
  });
});

describe('infer of MindIE', () => {
  const PARAMETERS = { max_new_tokens: 600 };

  it('gives the same text whole and streamed; the last event has it all', async () => {
    const sim = await simService();
    const body = { inputs: 'Hello there', parameters: PARAMETERS };
    const whole = await ask(sim, 'infer', body);
    const events = await askStream(sim, 'infer', { ...body, stream: true });
    expect(events.map(({ token }) => token.text).join('')).toBe(whole.generated_text);
    expect(events.filter((event) => 'generated_text' in event)).toEqual([events.at(-1)]);
    expect(events.at(-1)).toMatchObject(whole);
    expect(whole.details.finish_reason).toBe('eos_token');
  });

  it('times the first token as prefill and the others as decode', async () => {
    const body = { inputs: 'Hello', stream: true, parameters: { max_new_tokens: 3 } };
    const events = await askStream(await simService(), 'infer', body);
    expect(events.map(({ prefill_time, decode_time }) => [prefill_time, decode_time])).toEqual([
      [expect.any(Number), null],
      [null, expect.any(Number)],
      [null, expect.any(Number)],
    ]);
  });

  it('honours ignore_eos, and takes a list of texts', async () => {
    const inputs = [{ type: 'text', text: 'Hello' }];
    const parameters = { max_new_tokens: 700, ignore_eos: true };
    const { details } = await ask(await simService(), 'infer', { inputs, parameters });
    expect(details).toMatchObject({ finish_reason: 'length', generated_tokens: 700 });
  });

  it.each([
    [{ inputs: '' }],
    [{}],
    [{ inputs: [{ type: 'image_url', image_url: 'x' }] }],
    [{ inputs: 'a', parameters: { max_new_tokens: 0 } }],
  ])('refuses %j', async (body) => {
    expect((await post(await simService(), 'infer', body)).status).toBe(422);
  });
});
