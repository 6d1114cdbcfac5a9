import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRecordedReply } from './recorded-reply.ts';

const read = (name: string) => readRecordedReply(`test/fixtures/${name}`);

it('reads the request and the reply', () => {
  const { body, ...rest } = read('vllm/chat_stream_usage');
  expect(rest).toEqual({
    name: 'chat_stream_usage',
    status: 200,
    contentType: 'text/event-stream; charset=utf-8',
    request: {
      method: 'POST',
      path: '/v1/chat/completions',
      headers: expect.objectContaining({ 'content-type': 'application/json', 'content-length': '197' }),
      body: expect.objectContaining({ model: 'smollm2-135m', max_tokens: 24, stream: true }),
    },
  });
  expect(Buffer.from(body).toString()).toMatch(/^data: \{.*\n\ndata: \[DONE\]\n\n$/s);
});

it('keeps a body that is no JSON as text', () => {
  expect(typeof read('vllm/err_bad_json').request?.body).toBe('string');
  expect(read('vllm/get_models').request).toMatchObject({ method: 'GET', body: '' });
});

it('has status 0 where the server gave no reply', () => {
  expect(read('llamacpp/err_max_tokens_too_large')).toMatchObject({ status: 0, contentType: '' });
});

it('says what a file that is not a recording lacks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recorded-'));
  writeFileSync(join(folder, 'a.txt'), 'hello');
  expect(() => readRecordedReply(join(folder, 'a'))).toThrow(/a\.txt is not a recording: it needs the lines/);
  rmSync(folder, { recursive: true });
});
