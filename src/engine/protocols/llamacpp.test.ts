import { describe, expect, it } from 'vitest';
import { ask, askStream, post, simService } from '../../../test/support/sim-service.ts';

const HELLO = { prompt: 'Hello there' };

describe('completion of llama.cpp', () => {
  it('gives the same text whole and in a stream, which ends with an event without text', async () => {
    const sim = await simService();
    const whole = await ask(sim, 'completion', HELLO);
    const events = await askStream(sim, 'completion', { ...HELLO, stream: true });
    expect(events.map(({ content }) => content).join('')).toBe(whole.content);
    expect(events.filter(({ stop }) => stop)).toEqual([events.at(-1)]);
    const end = { content: '', stop_type: 'eos', tokens_predicted: whole.tokens_predicted };
    expect(events.at(-1)).toMatchObject(end);
  });

  it('counts in every event, and says which limit ended it', async () => {
    const body = { ...HELLO, stream: true, n_predict: 3 };
    const events = await askStream(await simService(), 'completion', body);
    expect(events.map(({ tokens_predicted }) => tokens_predicted)).toEqual([1, 2, 3, 3]);
    expect(events.at(-1)).toMatchObject({ stop_type: 'limit', timings: { predicted_n: 3 } });
    expect(new Set(events.map(({ tokens_evaluated }) => tokens_evaluated)).size).toBe(1);
  });

  it('names the word that ended it, and honours ignore_eos', async () => {
    const sim = await simService();
    const stopped = await ask(sim, 'completion', { ...HELLO, stop: ['simulated'] });
    expect(stopped).toMatchObject({ content: 'This is a ', stop_type: 'word', stopping_word: 'simulated' });
    const long = await ask(sim, 'completion', { ...HELLO, n_predict: 700, ignore_eos: true });
    expect(long).toMatchObject({ stop_type: 'limit', tokens_predicted: 700 });
  });

  it.each([
    ['no JSON', 'x', 'invalid_request_error'],
    ['no prompt', {}, 'invalid_request_error'],
    ['several prompts', { prompt: ['a', 'b'] }, 'invalid_request_error'],
    ['a limit in words', { ...HELLO, n_predict: 'six' }, 'invalid_request_error'],
    ['probabilities', { ...HELLO, n_probs: 3 }, 'invalid_request_error'],
    ['a long prompt', { prompt: 'word '.repeat(9000) }, 'exceed_context_size_error'],
  ])('refuses %s', async (_, body, type) => {
    const response = await post(await simService(), 'completion', body);
    const { error }: any = await response.json();
    expect([response.status, error]).toMatchObject([400, { code: 400, type, message: expect.any(String) }]);
  });
});
