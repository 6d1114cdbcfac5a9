/** Our replies have the keys that vLLM 0.32.0 sent, in its order; the lists are from recorded replies. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningService, startService } from '../service.ts';

let service: RunningService;
beforeAll(async () => {
  const engine = { kind: 'sim', baseStepMs: 0.1, perSequenceMs: 0, perPrefillTokenMs: 0 } as const;
  service = await startService({ engine, log: () => {} });
});
afterAll(() => service.close());

const CHAT = { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 3 };
const PLAIN = { prompt: 'Hello', max_tokens: 3 };
const USAGE = { include_usage: true };
const CONTINUOUS = { include_usage: true, continuous_usage_stats: true };

/** The keys of an object, nested ones as `outer.inner`; a list counts as its first entry. */
function keysOf(value: any, prefix = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, any]) => {
    const first = Array.isArray(inner) ? inner[0] : inner;
    const nested = typeof first === 'object' && first !== null ? keysOf(first, `${prefix}${key}.`) : [];
    return [prefix + key, ...nested];
  });
}

async function whole(path: string, body: object): Promise<any> {
  return (await fetch(service.url + path, { method: 'POST', body: JSON.stringify(body) })).json();
}

async function chunks(path: string, body: object, stream_options: object | undefined): Promise<any[]> {
  const request = JSON.stringify({ ...body, stream: true, stream_options });
  const text = await (await fetch(service.url + path, { method: 'POST', body: request })).text();
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice(6)));
}

const words = (text: string): string[] => text.split(/\s+/);
const HEAD = 'id object created model choices';
const COUNTS = 'usage usage.prompt_tokens usage.total_tokens usage.completion_tokens';
const DETAILS = 'usage.prompt_tokens_details usage.completion_tokens_details';
const choice = (keys: string): string => `${HEAD} ${keys.replace(/\S+/g, 'choices.$&')}`;

describe('chat', () => {
  const path = 'v1/chat/completions';

  it('whole', async () => {
    const message = 'message message.role message.content message.refusal message.annotations message.audio';
    const rest =
      'message.function_call message.reasoning logprobs finish_reason stop_reason token_ids routed_experts';
    const end = 'prompt_logprobs prompt_token_ids prompt_text kv_transfer_params ec_transfer_params metrics';
    expect(keysOf(await whole(path, CHAT))).toEqual(
      words(
        `${choice(`index ${message} ${rest}`)} service_tier system_fingerprint ${COUNTS} ${DETAILS} ${end}`,
      ),
    );
  });

  it('stream with usage', async () => {
    const all = await chunks(path, CHAT, USAGE);
    const first = 'index delta delta.role delta.content logprobs finish_reason';
    expect(keysOf(all[0])).toEqual(words(`${choice(first)} prompt_token_ids prompt_text`));
    expect(all[0].choices[0].delta).toEqual({ role: 'assistant', content: '' });
    expect(keysOf(all[1])).toEqual(
      words(choice('index delta delta.content logprobs finish_reason token_ids')),
    );
    expect(keysOf(all[3])).toEqual(
      words(choice('index delta delta.content logprobs finish_reason stop_reason token_ids')),
    );
    expect(keysOf(all[4])).toEqual(words(`${HEAD} ${COUNTS} system_fingerprint`));
    expect(all).toHaveLength(5);
  });

  it('stream with continuous usage', async () => {
    const all = await chunks(path, CHAT, CONTINUOUS);
    const counts = `${COUNTS} usage.completion_tokens_details`;
    const first = 'index delta delta.role delta.content logprobs finish_reason';
    expect(keysOf(all[0])).toEqual(words(`${choice(first)} ${counts} prompt_token_ids prompt_text`));
    const next = 'index delta delta.content logprobs finish_reason token_ids';
    expect(keysOf(all[1])).toEqual(words(`${choice(next)} ${counts}`));
    expect(keysOf(all[4])).toEqual(words(`${HEAD} ${COUNTS} system_fingerprint`));
  });

  it('stream without usage', async () => {
    const all = await chunks(path, CHAT, undefined);
    expect(all).toHaveLength(4);
    expect(keysOf(all[3]).at(-1)).toBe('system_fingerprint');
  });
});

describe('completions', () => {
  const path = 'v1/completions';

  it('whole', async () => {
    const keys = 'index text logprobs finish_reason stop_reason token_ids';
    const rest = 'prompt_logprobs prompt_token_ids routed_experts';
    const end = 'kv_transfer_params ec_transfer_params metrics';
    expect(keysOf(await whole(path, PLAIN))).toEqual(
      words(`${choice(`${keys} ${rest}`)} service_tier system_fingerprint ${COUNTS} ${DETAILS} ${end}`),
    );
  });

  it('stream with usage', async () => {
    const all = await chunks(path, PLAIN, USAGE);
    const keys = 'index text logprobs finish_reason stop_reason prompt_token_ids token_ids';
    for (const chunk of all.slice(0, 3)) expect(keysOf(chunk)).toEqual(words(choice(keys)));
    expect(all.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, 'length', undefined]);
    expect(keysOf(all[3])).toEqual(words(`${HEAD} ${COUNTS} system_fingerprint`));
  });
});

it('models', async () => {
  const { data }: any = await (await fetch(`${service.url}v1/models`)).json();
  expect(Object.keys(data[0])).toEqual(
    words('id object created owned_by root parent max_model_len permission simulated'),
  );
});
