import { describe, expect, it } from 'vitest';
import { FAST, post, simService } from '../../test/support/sim-service.ts';
import { DEMO_TEST } from '../dataset/builtin/demos.ts';
import type { RunningService } from './service.ts';
import { splitPieces } from './sim-reply.ts';

const HELLO = [{ role: 'user', content: 'Hello there' }];

async function chat(service: RunningService, body: object): Promise<any> {
  const response = await post(service, 'v1/chat/completions', { messages: HELLO, ...body });
  expect(response.status).toBe(200);
  return response.json();
}

/** The data of each event, parsed; `[DONE]` stays a text. */
async function stream(service: RunningService, path: string, body: object): Promise<any[]> {
  const response = await post(service, path, { ...body, stream: true });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const events = (await response.text()).split('\n\n');
  expect(events.pop()).toBe('');
  return events.map((event) => {
    expect(event.startsWith('data: ')).toBe(true);
    const data = event.slice('data: '.length);
    return data === '[DONE]' ? data : JSON.parse(data);
  });
}

describe('the log and /v1/models', () => {
  it('say that answers and times are simulated', async () => {
    const lines: string[] = [];
    const engine = { ...FAST, contextLength: undefined };
    const service = await simService({ engine, log: (line) => lines.push(line) });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('SIMULATED answers and times');
    expect(lines[0]).toContain(service.url);
    const list: any = await (await fetch(`${service.url}v1/models`)).json();
    expect(list.data[0]).toMatchObject({ id: service.model, owned_by: 'ais-bench-sim', simulated: true });
    expect(list.data[0].max_model_len).toBe(32_768);
  });

  it('listens on loopback', async () => {
    expect((await simService()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });
});

describe('a whole reply', () => {
  it('counts the pieces of the text that it gives', async () => {
    const service = await simService();
    const { choices, usage } = await chat(service, {});
    expect(usage.completion_tokens).toBe(splitPieces(choices[0].message.content).length);
    expect(usage.prompt_tokens).toBe(splitPieces('user: Hello there\nassistant:').length);
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
    expect(choices[0].finish_reason).toBe('stop');
  });

  it('is the same for the same seed, and another for another', async () => {
    const [one, two] = [await simService(), await simService()];
    const textOf = async (service: RunningService, seed?: number): Promise<string> =>
      (await chat(service, { seed })).choices[0].message.content;
    expect(await textOf(one)).toBe(await textOf(two));
    expect(await textOf(one, 5)).toBe(await textOf(two, 5));
    expect(await textOf(one, 5)).not.toBe(await textOf(one, 6));
  });

  it.each(['max_tokens', 'max_completion_tokens'])('has at most %s', async (name) => {
    const { choices, usage } = await chat(await simService(), { [name]: 5 });
    expect(usage.completion_tokens).toBe(5);
    expect(choices[0].finish_reason).toBe('length');
  });

  it('goes on to max_tokens with ignore_eos', async () => {
    const { choices, usage } = await chat(await simService(), { ignore_eos: true, max_tokens: 700 });
    expect(usage.completion_tokens).toBe(700);
    expect(choices[0].finish_reason).toBe('length');
  });

  it('has at least min_tokens', async () => {
    const { usage } = await chat(await simService(), { min_tokens: 400, max_tokens: 1000 });
    expect(usage.completion_tokens).toBeGreaterThanOrEqual(400);
    expect(usage.completion_tokens).toBeLessThan(500);
  });

  it.each([['simulated'], [['nowhere', 'simulated']]])('ends at a stop string (%j)', async (stop) => {
    const { choices } = await chat(await simService(), { stop });
    expect(choices[0]).toMatchObject({ finish_reason: 'stop', stop_reason: 'simulated' });
    expect(choices[0].message.content).toBe('This is a ');
  });

  it('takes the text of content parts', async () => {
    const content = [{ type: 'text', text: 'Hello there' }];
    const service = await simService();
    const inParts = await chat(service, { messages: [{ role: 'user', content }] });
    expect(inParts.choices).toEqual((await chat(service, {})).choices);
  });

  it('answers a plain prompt, also as a list of one, with 16 tokens unless asked', async () => {
    const service = await simService();
    for (const prompt of ['Once upon a time', ['Once upon a time']]) {
      const reply: any = await (await post(service, 'v1/completions', { prompt })).json();
      expect(reply.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 16 });
      expect(splitPieces(reply.choices[0].text)).toHaveLength(16);
    }
  });

  it('gets the asked share of the demo questions right', async () => {
    const service = await simService({ engine: { ...FAST, accuracy: 0.75 } });
    const verdicts = await Promise.all(
      DEMO_TEST.map(async ({ question, answer }) => {
        const content = `Question: ${question}\nLet's think step by step\nAnswer:`;
        const reply = await chat(service, { messages: [{ role: 'user', content }] });
        const said = /The answer is (\d+)\.$/.exec(reply.choices[0].message.content)?.[1];
        return said === /#### (.*)$/.exec(answer)![1]!.replaceAll(',', '');
      }),
    );
    expect(verdicts.filter(Boolean)).toHaveLength(Math.round(0.75 * DEMO_TEST.length));
  });
});

describe('a stream', () => {
  it('gives the text of the whole reply, a chunk a piece', async () => {
    const service = await simService();
    const whole = await chat(service, {});
    const chunks = await stream(service, 'v1/chat/completions', { messages: HELLO });
    const texts = chunks.slice(1, -2).map((chunk) => chunk.choices[0].delta.content);
    expect(texts.join('')).toBe(whole.choices[0].message.content);
    expect(texts).toHaveLength(whole.usage.completion_tokens);
    expect(chunks.at(-1)).toBe('[DONE]');
  });

  it('puts usage in a last chunk only when asked', async () => {
    const service = await simService();
    const plain = await stream(service, 'v1/completions', { prompt: 'Hi' });
    expect(plain.filter((chunk) => chunk.usage)).toEqual([]);
    const asked = await stream(service, 'v1/completions', {
      prompt: 'Hi',
      stream_options: { include_usage: true },
    });
    expect(asked.filter((chunk) => chunk.usage)).toEqual([asked.at(-2)]);
    expect(asked.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 16, total_tokens: 17 } });
  });

  it('counts up in every chunk with continuous_usage_stats', async () => {
    const chunks = await stream(await simService(), 'v1/chat/completions', {
      messages: HELLO,
      max_tokens: 4,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    });
    expect(chunks.slice(0, -1).map((chunk) => chunk.usage.completion_tokens)).toEqual([0, 1, 2, 3, 4, 4]);
  });

  it('gives only one chunk with a finish reason, the last with a choice', async () => {
    const chunks = await stream(await simService(), 'v1/chat/completions', {
      messages: HELLO,
      max_tokens: 3,
    });
    const reasons = chunks.slice(0, -1).map((chunk) => chunk.choices[0].finish_reason);
    expect(reasons).toEqual([null, null, null, 'length']);
  });
});

describe('a service that is full', () => {
  const ENDLESS = { messages: HELLO, ignore_eos: true, max_tokens: 8000, stream: true };

  it('frees the place of a client that goes away', async () => {
    const service = await simService({ engine: { ...FAST, maxBatch: 1, baseStepMs: 20 } });
    const leaving = new AbortController();
    const first = await post(service, 'v1/chat/completions', ENDLESS, { signal: leaving.signal });
    await first.body!.getReader().read();
    leaving.abort();
    expect((await chat(service, { max_tokens: 2 })).usage.completion_tokens).toBe(2);
  });

  it('ends requests in progress when it closes', async () => {
    const service = await simService({ engine: { ...FAST, baseStepMs: 20 } });
    const response = await post(service, 'v1/chat/completions', ENDLESS);
    await service.close();
    await expect(response.text()).rejects.toThrow();
    await service.close();
  });
});

describe('settings', () => {
  it('that make no sense are refused by name', async () => {
    await expect(simService({ engine: { ...FAST, accuracy: 2 } })).rejects.toThrow('accuracy is 2');
    await expect(simService({ engine: { ...FAST, maxBatch: 0 } })).rejects.toMatchObject({
      code: 'ENGINE-PARAM-001',
    });
  });

  it('that are undefined are left as they are', async () => {
    const service = await simService({ engine: { ...FAST, accuracy: undefined, model: 'mine' } });
    expect(service.model).toBe('mine');
    expect(service.description).toContain('75%');
  });

  it('with a port that is taken are refused', async () => {
    const port = Number(new URL((await simService()).url).port);
    await expect(simService({ port })).rejects.toMatchObject({
      code: 'ENGINE-PARAM-001',
      where: `127.0.0.1:${port}`,
    });
  });
});
