import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { post, simService } from '../../test/support/sim-service.ts';

const HELLO = [{ role: 'user', content: 'Hello there' }];

describe('a refusal', () => {
  const chatPath = 'v1/chat/completions';
  it.each<[string, string, unknown, number, string | null]>([
    ['bad JSON', chatPath, '{"model": ', 400, 'body'],
    ['a body that is no object', chatPath, '[]', 400, 'body'],
    ['no messages', chatPath, {}, 400, 'body.messages'],
    ['messages that are no list', chatPath, { messages: 'hi' }, 400, 'body.messages'],
    ['empty messages', chatPath, { messages: [] }, 400, null],
    ['an unknown model', chatPath, { messages: HELLO, model: 'nope' }, 404, 'model'],
    ['max_tokens 0', chatPath, { messages: HELLO, max_tokens: 0 }, 400, 'max_tokens'],
    ['max_tokens above the context', chatPath, { messages: HELLO, max_tokens: 9000 }, 400, 'max_tokens'],
    [
      'a prompt and reply above the context',
      chatPath,
      { messages: HELLO, max_tokens: 8190 },
      400,
      'input_tokens',
    ],
    ['a long prompt', 'v1/completions', { prompt: 'word '.repeat(9000) }, 400, 'input_tokens'],
    [
      'min_tokens above max_tokens',
      chatPath,
      { messages: HELLO, min_tokens: 9, max_tokens: 8 },
      400,
      'min_tokens',
    ],
    ['a negative temperature', chatPath, { messages: HELLO, temperature: -1 }, 400, 'temperature'],
    ['top_p 2', chatPath, { messages: HELLO, top_p: 2 }, 400, 'top_p'],
    ['n 0', chatPath, { messages: HELLO, n: 0 }, 400, null],
    ['several choices', chatPath, { messages: HELLO, n: 2 }, 400, 'n'],
    [
      'a temperature that is a text',
      chatPath,
      { messages: HELLO, temperature: '1' },
      400,
      'body.temperature',
    ],
    ['logprobs', chatPath, { messages: HELLO, logprobs: true }, 400, 'logprobs'],
    [
      'a tool without a name',
      chatPath,
      { messages: HELLO, tools: [{ type: 'function' }] },
      400,
      'body.tools.0.function.name',
    ],
    ['a call without tools', chatPath, { messages: HELLO, tool_choice: 'required' }, 400, 'tool_choice'],
    ['echo in a stream', 'v1/completions', { prompt: 'a', echo: true, stream: true }, 400, 'stream'],
    [
      'prompt_logprobs in a stream',
      chatPath,
      { messages: HELLO, prompt_logprobs: 0, stream: true },
      400,
      'prompt_logprobs',
    ],
    [
      'prompt_logprobs of other tokens',
      'v1/completions',
      { prompt: 'a', prompt_logprobs: 2 },
      400,
      'prompt_logprobs',
    ],
    ['too many logprobs', 'v1/completions', { prompt: 'a', echo: true, logprobs: 21 }, 400, 'logprobs'],
    ['logprobs of the reply', 'v1/completions', { prompt: 'a', logprobs: 2 }, 400, 'logprobs'],
    ['several prompts', 'v1/completions', { prompt: ['a', 'b'] }, 400, 'prompt'],
    ['no prompt', 'v1/completions', {}, 400, 'body.prompt'],
  ])('of %s has the body of vLLM', async (_, path, body, status, param) => {
    const response = await post(await simService(), path, body);
    expect(response.status).toBe(status);
    const { error }: any = await response.json();
    expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code']);
    expect(error).toMatchObject({ code: status, param });
  });

  it('of an unknown path and of a wrong method is as FastAPI has it', async () => {
    const service = await simService();
    const unknown = await fetch(`${service.url}v1/nothing`);
    expect([unknown.status, await unknown.json()]).toEqual([404, { detail: 'Not Found' }]);
    const wrong = await fetch(`${service.url}${chatPath}`);
    expect([wrong.status, await wrong.json()]).toEqual([405, { detail: 'Method Not Allowed' }]);
    expect(wrong.headers.get('allow')).toBe('POST');
  });

  it('of a large body comes without reading it into memory', async () => {
    const service = await simService({ maxBodyBytes: 1000 });
    const announced = await post(service, chatPath, 'x'.repeat(5000));
    expect(announced.status).toBe(413);
    const sender = httpRequest(`${service.url}${chatPath}`, { method: 'POST' });
    for (let i = 0; i < 5; i++) sender.write('x'.repeat(1000));
    sender.end();
    const [response] = await once(sender, 'response');
    expect(response.statusCode).toBe(413);
    response.resume();
  });

  it('of a request without the key is vLLM’s', async () => {
    const service = await simService({ apiKey: 'secret' });
    for (const key of ['', 'Bearer wrong']) {
      const headers = { authorization: key };
      const response = await post(service, chatPath, { messages: HELLO }, { headers });
      expect([response.status, await response.json()]).toEqual([401, { error: 'Unauthorized' }]);
    }
    const headers = { authorization: 'Bearer secret' };
    expect((await post(service, chatPath, { messages: HELLO, max_tokens: 1 }, { headers })).status).toBe(200);
    expect((await fetch(`${service.url}health`)).status).toBe(200);
  });

  it('leaves the service alive after half a request', async () => {
    const service = await simService();
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(`POST /${chatPath} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"mess`);
    await once(socket, 'connect');
    socket.destroy();
    expect((await post(service, chatPath, { messages: HELLO, max_tokens: 1 })).status).toBe(200);
  });
});
