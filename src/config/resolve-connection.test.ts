import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { resolveConnection } from './resolve-connection.ts';
import { serviceModelSchema } from './schema.ts';
import type { RawEntry } from './validate.ts';

const ENV = { KEY: 'long-secret', PROXY: 'http://ann:proxy-word@p:1' };

function resolved(values: Record<string, unknown>, { overridden = {}, env = ENV as object } = {}) {
  const all = { attr: 'service', type: 'X', abbr: 'm', ...values };
  const entry: RawEntry = { values: all, label: 'models.0', overridden, where: (keys) => keys.join('.') };
  return resolveConnection(serviceModelSchema.parse(all), entry, {
    env: env as typeof ENV,
    cwd: process.cwd(),
  });
}

function fileWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'adapters-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'map.json'), content);
  return join(folder, 'map.json');
}

describe('secrets', () => {
  it.each([
    [{ headers: { 'X-Own': 'a {env:KEY}' } }, 'long-secret'],
    [{ headers: { 'X-Api-Key': 'written-out' } }, 'written-out'],
    [{ headers: { Authorization: 'Bearer written-out' } }, 'written-out'],
    [{ proxy: 'http://ann:proxy-word@p:1' }, 'proxy-word'],
    [{ url: 'https://ann:url-word@h/' }, 'url-word'],
    [{ urls: ['https://h/', 'https://ann:url-word@g/'] }, 'url-word'],
    [{ url: 'https://ann:url-word@h/' }, Buffer.from('ann:url-word').toString('base64')],
  ])('of %j are kept', (values, secret) => {
    expect(resolved(values).connection.secrets).toContain(secret);
  });

  it('of the environment’s proxies are kept, with a scheme or without', () => {
    const { connection } = resolved({}, { env: { http_proxy: 'ann:proxy-word@p:1' } });
    expect(connection.secrets).toContain('proxy-word');
    expect(connection.proxy.http).toBe('http://ann:proxy-word@p:1');
  });

  it('are not in the headers that are shown', () => {
    const { connection, headers } = resolved({ headers: { 'X-Own': 'a {env:KEY}' } });
    expect(connection.headers).toEqual({ 'X-Own': 'a {env:KEY}' });
    expect(headers).toEqual({ 'X-Own': 'a long-secret' });
  });
});

describe('URLs', () => {
  it('may not be in two places', () => {
    expect(() => resolved({ url: 'a', urls: ['b', 'c'] })).toThrow('`url` and `urls` are both given');
  });

  it('of a flag replace those of the file', () => {
    const { connection, url } = resolved(
      { url: ['http://x'], urls: ['b', 'c'] },
      { overridden: { url: '--url' } },
    );
    expect([connection.servers, url]).toEqual([['http://x/'], 'http://x']);
  });

  it('take their scheme from enable_ssl where they have none', () => {
    expect(resolved({ url: ['a', 'http://b'], enable_ssl: true }).connection.servers).toEqual([
      'https://a/',
      'http://b/',
    ]);
  });
});

it('blames the environment for its proxy', () => {
  expect(() => resolved({}, { env: { https_proxy: 'socks5://p:1' } })).toThrow(
    "models.0.proxy: the environment's https_proxy: socks5:// proxies are not supported",
  );
});

describe('lora_data_map_file', () => {
  const withMap = (content: string, more = {}) =>
    resolved({ generation_kwargs: { lora_data_map_file: fileWith(content) }, ...more }).connection.adapters;

  it('maps rows to adapters, an empty name being the model itself', () => {
    expect(withMap('{"0": "a", "12": "b", "3": ""}')).toMatchObject({
      kind: 'rows',
      names: { 0: 'a', 12: 'b', 3: '' },
    });
  });

  it.each([
    ['{', 'it cannot be read'],
    ['["a"]', 'it is no JSON object'],
    ['{"a": "b"}', '"a" is no row number'],
    ['{"1": 2}', 'the adapter of row 1 is no text'],
  ])('%s is refused', (content, words) => {
    expect(() => withMap(content)).toThrow(
      expect.objectContaining({ code: 'UTILS-CFG-002', message: expect.stringContaining(words) }),
    );
  });

  it('does not go together with lora_mix', () => {
    const lora_mix = [{ name: 'a', weight: 1 }];
    expect(() => withMap('{}', { lora_mix })).toThrow('lora_mix and lora_data_map_file are both given');
  });
});
