import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseServer } from './nats.ts';

describe('the address of a NATS server', () => {
  it.each([
    ['nats://host', { address: 'host:4222', isTls: false, isLocal: false }],
    ['host:5222', { address: 'host:5222' }],
    ['tls://host:80', { address: 'host:80', isTls: true }],
    [
      'nats://user:p%40ss@127.0.0.1:1',
      { address: '127.0.0.1:1', user: 'user', password: 'p@ss', isLocal: true },
    ],
    ['nats://token@[::1]:4222', { address: '[::1]:4222', user: 'token', password: '', isLocal: true }],
    ['localhost', { address: 'localhost:4222', isLocal: true }],
    ['nats://127.0.0.1.example', { isLocal: false }],
  ])('%s', (server, expected) => {
    expect(parseServer(server)).toMatchObject(expected);
  });

  it.each(['http://host:4222', 'nats://', 'nats://a b', 'nats://host:99999'])('is not %s', (server) => {
    expect(() => parseServer(server)).toThrow(/not the address/);
  });
});

it('loads the client of NATS when it connects, and not before', () => {
  const src = fileURLToPath(new URL('..', import.meta.url));
  const loading = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .filter((file) => /^import (?!type).*'@nats-io\//m.test(readFileSync(join(src, file), 'utf8')));
  expect(loading).toEqual([]);
});
