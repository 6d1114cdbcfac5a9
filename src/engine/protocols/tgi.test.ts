import { describe, expect, it } from 'vitest';
import { ask, askStream, FAST, post, simService } from '../../../test/support/sim-service.ts';
import { splitPieces } from '../sim-reply.ts';

const LONG = { max_new_tokens: 600 };

describe('tgi', () => {
  it('gives the same text whole and streamed; the last event repeats it', async () => {
    const sim = await simService();
    const body = { inputs: 'Hello there', parameters: LONG };
    const { generated_text } = await ask(sim, 'generate', body);
    const events = await askStream(sim, 'generate_stream', body);
    const shown = events.filter(({ token }) => !token.special);
    expect(shown.map(({ token }) => token.text).join('')).toBe(generated_text);
    expect(events.at(-1).generated_text).toBe(generated_text);
    expect(events.map(({ index }) => index)).toEqual(events.map((_, place) => place + 1));
    expect(events.at(-1)).toMatchObject({ token: { special: true }, details: null });
  });

  it('counts tokens and names the reason in details', async () => {
    const sim = await simService();
    const parameters = { ...LONG, details: true };
    const { generated_text, details } = await ask(sim, 'generate', { inputs: 'Hello there', parameters });
    const tokens = splitPieces(generated_text).length;
    expect(details).toMatchObject({ finish_reason: 'eos_token', generated_tokens: tokens, prefill: [] });
    expect(details.tokens).toHaveLength(tokens);
    const events = await askStream(sim, 'generate_stream', { inputs: 'Hello there', parameters });
    expect(events.at(-1).details).toEqual({
      finish_reason: 'eos_token',
      generated_tokens: tokens,
      seed: null,
      input_length: 2,
    });
  });

  it('keeps the stop sequence in the text', async () => {
    const parameters = { stop: ['simulated'], details: true };
    const reply = await ask(await simService(), 'generate', { inputs: 'Hello', parameters });
    expect(reply).toMatchObject({
      generated_text: 'This is a simulated',
      details: { finish_reason: 'stop_sequence' },
    });
  });

  it('cuts what the context has no room for', async () => {
    const sim = await simService({ engine: { ...FAST, contextLength: 20 } });
    const parameters = { max_new_tokens: 5000, details: true };
    const { details } = await ask(sim, 'generate', { inputs: 'Hello', parameters });
    expect(details).toMatchObject({ finish_reason: 'length', generated_tokens: 19 });
  });

  it('gives the prompt’s own tokens with decoder_input_details', async () => {
    const parameters = { details: true, decoder_input_details: true };
    const { details } = await ask(await simService(), 'generate', { inputs: 'one two three', parameters });
    expect(details.prefill.map(({ text }: any) => text)).toEqual(['one', ' two', ' three']);
    expect(details.prefill[0].logprob).toBe(null);
    expect(details.prefill[1].logprob).toBeLessThan(0);
  });

  it('answers on / with a list that has the prompt too, or with a stream', async () => {
    const sim = await simService();
    const parameters = { max_new_tokens: 4 };
    const { generated_text } = await ask(sim, 'generate', { inputs: 'Hello', parameters });
    expect(await ask(sim, '', { inputs: 'Hello', parameters })).toEqual([
      { generated_text: `Hello${generated_text}` },
    ]);
    const events = await askStream(sim, '', { inputs: 'Hello', parameters, stream: true });
    expect(events.at(-1)).toMatchObject({ index: 4, generated_text });
  });

  it('describes itself', async () => {
    const { url, model } = await simService();
    expect(await (await fetch(`${url}info`)).json()).toMatchObject({
      model_id: model,
      max_total_tokens: 8192,
    });
    expect((await fetch(url)).status).toBe(200);
  });

  it('refuses a long prompt in a stream with one event and status 200', async () => {
    const events = await askStream(await simService(), 'generate_stream', { inputs: 'word '.repeat(9000) });
    expect(events).toEqual([
      { error: expect.stringMatching(/^Input validation error: .*tokens/), error_type: 'validation' },
    ]);
  });

  it.each(['grammar', 'best_of', 'top_n_tokens'])('refuses %s', async (name) => {
    const parameters = { [name]: name === 'grammar' ? { type: 'json' } : 2 };
    expect((await post(await simService(), 'generate', { inputs: 'a', parameters })).status).toBe(422);
  });
});
