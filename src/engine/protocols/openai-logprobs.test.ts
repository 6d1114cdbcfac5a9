import { describe, expect, it } from 'vitest';
import { ask, simService } from '../../../test/support/sim-service.ts';

const path = 'v1/completions';
const prompt = 'The quick brown fox';

describe('perplexity of the simulated engine', () => {
  it('has the prompt’s own tokens in prompt_logprobs, the same each time', async () => {
    const sim = await simService();
    const body = { prompt, max_tokens: 1, prompt_logprobs: 0 };
    const { choices } = await ask(sim, path, body);
    const places: any[] = choices[0].prompt_logprobs;
    const texts = places.map((place) => place && (Object.values(place)[0] as any).decoded_token);
    expect(texts).toEqual([null, ' quick', ' brown', ' fox']);
    expect((await ask(sim, path, body)).choices[0].prompt_logprobs).toEqual(places);
    expect((await ask(await simService(), path, body)).choices[0].prompt_logprobs).toEqual(places);
  });

  it('says the same with echo and logprobs', async () => {
    const sim = await simService();
    const one = await ask(sim, path, { prompt, max_tokens: 1, prompt_logprobs: 0 });
    const own = one.choices[0].prompt_logprobs.map((place: any) => {
      return place && (Object.values(place)[0] as any).logprob;
    });
    const echoed = await ask(sim, path, { prompt, max_tokens: 0, echo: true, logprobs: 1 });
    const { text, logprobs } = echoed.choices[0];
    expect(text).toBe(prompt);
    expect(logprobs.tokens).toEqual(['The', ' quick', ' brown', ' fox']);
    expect(logprobs.text_offset).toEqual([0, 3, 9, 15]);
    expect(logprobs.token_logprobs).toEqual(own);
    expect(echoed.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 1 });
  });

  it('has the reply’s tokens behind the prompt’s with echo', async () => {
    const body = { prompt, max_tokens: 3, echo: true, logprobs: 0 };
    const { choices } = await ask(await simService(), path, body);
    expect(choices[0].logprobs.tokens.join('')).toBe(choices[0].text);
    expect(choices[0].logprobs.tokens).toHaveLength(7);
  });

  it('names a likelier token where there is one', async () => {
    const body = { prompt: `${prompt} jumps over the lazy dog.`, max_tokens: 0, echo: true, logprobs: 2 };
    const { logprobs } = (await ask(await simService(), path, body)).choices[0];
    logprobs.top_logprobs.slice(1).forEach((top: Record<string, number>, index: number) => {
      const own = logprobs.token_logprobs[index + 1];
      expect(top[logprobs.tokens[index + 1]]).toBe(own);
      const rest = Object.values(top).filter((value) => value !== own);
      if (own < -Math.log(3)) expect(Math.max(...rest)).toBeGreaterThan(own);
      else expect(Math.max(...rest)).toBeLessThan(own);
    });
  });

  it('is there for a chat', async () => {
    const messages = [{ role: 'user', content: 'Hello there' }];
    const reply = await ask(await simService(), 'v1/chat/completions', {
      messages,
      max_tokens: 1,
      prompt_logprobs: 0,
    });
    expect(reply.prompt_logprobs).toHaveLength(reply.usage.prompt_tokens);
  });

  it('echoes without logprobs', async () => {
    const { choices } = await ask(await simService(), path, { prompt, max_tokens: 2, echo: true });
    expect(choices[0].text.startsWith(`${prompt}This`)).toBe(true);
    expect(choices[0].logprobs).toBe(null);
  });
});
