/** What OpenAI's Responses and Anthropic's Messages have that the shapes of their recordings do not show. */
import { describe, expect, it } from 'vitest';
import { ask, askStream, post, simService } from '../../../test/support/sim-service.ts';

const MESSAGES = [{ role: 'user', content: 'Hello there' }];

async function chatText(sim: Awaited<ReturnType<typeof simService>>): Promise<string> {
  const reply = await ask(sim, 'v1/chat/completions', { messages: MESSAGES });
  return reply.choices[0].message.content;
}

describe('responses', () => {
  const path = 'v1/responses';

  it('gives the text of the chat, whole and streamed', async () => {
    const sim = await simService();
    const text = await chatText(sim);
    const whole = await ask(sim, path, { input: 'Hello there' });
    expect(whole.output[0].content[0].text).toBe(text);
    expect(whole).toMatchObject({ status: 'completed', incomplete_details: null });
    const events = await askStream(sim, path, { input: MESSAGES, stream: true });
    const deltas = events.filter(({ type }) => type === 'response.output_text.delta');
    expect(deltas.map(({ delta }) => delta).join('')).toBe(text);
    expect(events.at(-1).response).toMatchObject({ usage: whole.usage, output: [{ content: [{ text }] }] });
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  });

  it('puts instructions first', async () => {
    const sim = await simService();
    const content = [{ type: 'input_text', text: 'Hello there' }];
    const reply = await ask(sim, path, { instructions: 'Be brief', input: [{ role: 'user', content }] });
    const messages = [{ role: 'system', content: 'Be brief' }, ...MESSAGES];
    const chat = await ask(sim, 'v1/chat/completions', { messages });
    expect(reply.usage.input_tokens).toBe(chat.usage.prompt_tokens);
  });

  it('says that it was cut', async () => {
    const reply = await ask(await simService(), path, { input: 'Hello', max_output_tokens: 3 });
    expect(reply).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage: { output_tokens: 3 },
    });
  });

  it.each([[{}], [{ input: [] }], [{ input: 'a', max_output_tokens: 0 }], [{ input: 'a', tools: [{}] }]])(
    'refuses %j',
    async (body) => {
      expect((await post(await simService(), path, body)).status).toBe(400);
    },
  );
});

describe('anthropic', () => {
  const path = 'v1/messages';

  it('gives the text of the chat, whole and streamed', async () => {
    const sim = await simService();
    const text = await chatText(sim);
    const body = { messages: MESSAGES, max_tokens: 600 };
    const whole = await ask(sim, path, body);
    expect(whole.content).toEqual([{ type: 'text', text }]);
    expect(whole.stop_reason).toBe('end_turn');
    const events = await askStream(sim, path, { ...body, stream: true });
    const deltas = events.filter(({ type }) => type === 'content_block_delta');
    expect(deltas.map(({ delta }) => delta.text).join('')).toBe(text);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: 'end_turn' }, usage: whole.usage });
    expect(events.at(-1)).toEqual({ type: 'message_stop' });
  });

  it('puts system first, and stops at a stop sequence', async () => {
    const system = [{ type: 'text', text: 'Be brief' }];
    const body = { system, messages: MESSAGES, max_tokens: 50, stop_sequences: ['simulated'] };
    const reply = await ask(await simService(), path, body);
    expect(reply).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: 'simulated' });
    expect(reply.usage.input_tokens).toBeGreaterThan(8);
  });

  it.each([
    ['no limit', { messages: MESSAGES }],
    ['no messages', { max_tokens: 3 }],
    ['tools', { messages: MESSAGES, max_tokens: 3, tools: [{}] }],
    ['a limit above the context', { messages: MESSAGES, max_tokens: 9000 }],
  ])('refuses %s', async (_, body) => {
    expect((await post(await simService(), path, body)).status).toBe(400);
  });

  it('takes the key in its own header', async () => {
    const { url } = await simService({ apiKey: 'secret' });
    const body = JSON.stringify({ messages: MESSAGES, max_tokens: 1 });
    const status = async (headers: Record<string, string>) =>
      (await fetch(url + path, { method: 'POST', body, headers })).status;
    expect(await status({ 'x-api-key': 'secret' })).toBe(200);
    expect(await status({ 'x-api-key': 'wrong' })).toBe(401);
    expect(await status({ authorization: 'Bearer secret' })).toBe(200);
  });
});

describe('a key', () => {
  it('is asked for by every path that generates, not by those that only look', async () => {
    const sim = await simService({ apiKey: 'secret' });
    for (const path of ['generate', 'infer', '', 'v2/models/ais-bench-sim/generate']) {
      expect((await post(sim, path, { inputs: 'a' })).status).toBe(401);
    }
    for (const path of ['health', 'metrics', 'v2/health/ready', 'info']) {
      expect((await fetch(sim.url + path)).status).toBe(200);
    }
  });
});
