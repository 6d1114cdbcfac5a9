import { describe, expect, it } from 'vitest';
import { objectsIn } from '../../../test/support/recordings.ts';
import { ask, askStream, keysOf, post, simService } from '../../../test/support/sim-service.ts';
import { readRecordedReply } from '../../testing/index.ts';

const written = (name: string) => objectsIn(readRecordedReply(`test/fixtures/sglang/${name}`)) as any[];
const LIMIT = { sampling_params: { max_new_tokens: 5 } };
const HELLO = { text: 'Hello there' };

describe('generate of SGLang', () => {
  it('has the keys that its documentation has', async () => {
    const sim = await simService();
    const whole = await ask(sim, 'generate', { ...HELLO, ...LIMIT });
    expect(keysOf(whole)).toEqual(keysOf(written('generate')[0]));
    expect(whole.meta_info.finish_reason).toEqual({ type: 'length', length: 5 });
    const scored = await ask(sim, 'generate', {
      ...HELLO,
      ...LIMIT,
      return_logprob: true,
      logprob_start_len: 0,
    });
    expect(new Set(keysOf(scored))).toEqual(new Set(keysOf(written('generate_logprobs')[0])));
  });

  it('gives all of the text so far in each event of a stream, then [DONE]', async () => {
    const sim = await simService();
    const { text } = await ask(sim, 'generate', { ...HELLO, ...LIMIT });
    const events = await askStream(sim, 'generate', { ...HELLO, ...LIMIT, stream: true });
    expect(events.pop()).toBe('[DONE]');
    expect(events.map(({ meta_info }) => meta_info.completion_tokens)).toEqual([1, 2, 3, 4, 5]);
    for (const event of events) expect(text.startsWith(event.text)).toBe(true);
    expect(events.at(-1).text).toBe(text);
    const reasons = events.map(({ meta_info }) => meta_info.finish_reason);
    expect(reasons).toEqual([null, null, null, null, { type: 'length', length: 5 }]);
  });

  it('names what stopped it', async () => {
    const sim = await simService();
    const reasonOf = async (sampling_params: object) =>
      (await ask(sim, 'generate', { ...HELLO, sampling_params })).meta_info.finish_reason;
    expect(await reasonOf({ stop: ['simulated'] })).toEqual({ type: 'stop', matched: 'simulated' });
    expect(await reasonOf({ max_new_tokens: 1000 })).toEqual({ type: 'stop', matched: 0 });
    const kept = { stop: 'simulated', no_stop_trim: true };
    const { text } = await ask(sim, 'generate', { ...HELLO, sampling_params: kept });
    expect(text).toBe('This is a simulated');
  });

  it('scores the prompt from a token on', async () => {
    const sim = await simService();
    const lengths = async (more: object) => {
      const body = { ...HELLO, ...LIMIT, return_logprob: true, ...more };
      const { meta_info } = await ask(sim, 'generate', body);
      return [meta_info.input_token_logprobs, meta_info.output_token_logprobs].map((list) => list.length);
    };
    const { meta_info } = await ask(sim, 'generate', { ...HELLO, ...LIMIT });
    expect(await lengths({ logprob_start_len: 0 })).toEqual([meta_info.prompt_tokens, 5]);
    expect(await lengths({})).toEqual([0, 5]);
  });

  it.each([
    ['a long prompt', { text: 'word '.repeat(9000) }],
    ['token ids', { input_ids: [1, 2] }],
    ['several texts', { text: ['a', 'b'] }],
    ['a limit in words', { ...HELLO, sampling_params: { max_new_tokens: 'six' } }],
    ['a limit of 0', { ...HELLO, sampling_params: { max_new_tokens: 0 } }],
    ['an adapter', { ...HELLO, lora_path: 'a' }],
    ['a schema', { ...HELLO, sampling_params: { json_schema: '{}' } }],
  ])('refuses %s, in a stream by an event', async (_, body) => {
    const sim = await simService();
    const error = { error: { message: expect.any(String) } };
    const response = await post(sim, 'generate', body);
    expect([response.status, await response.json()]).toEqual([400, error]);
    expect(await askStream(sim, 'generate', { ...body, stream: true })).toEqual([error, '[DONE]']);
  });
});
