import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { natsOptions, natsSecrets } from './nats-options.ts';

describe('how NATS is reached', () => {
  it('is read from the flags and the files they name', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ais-bench-nats-options-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    expect(natsOptions({ nats: 'nats://a:1, nats://b:2' })).toEqual({
      servers: ['nats://a:1', 'nats://b:2'],
    });
    const flags = {
      nats: 'tls://a:1',
      natsCa: file('ca', 'authority'),
      natsCreds: file('creds', 'jwt'),
      natsNkey: file('nkey', 'SUABC\n'),
    };
    expect(natsOptions(flags)).toMatchObject({
      tls: { ca: 'authority' },
      credentials: Buffer.from('jwt'),
      nkeySeed: Buffer.from('SUABC'),
    });
  });

  it('is told where it is missing', () => {
    expect(() => natsOptions({})).toThrow(/no NATS server is named/);
    const missing = { nats: 'nats://a:1', natsCert: '/nowhere/cert.pem' };
    expect(() => natsOptions(missing)).toThrow(
      expect.objectContaining({ code: 'TMAN-CMD-002', where: '--nats-cert /nowhere/cert.pem' }),
    );
  });

  it('holds secrets: passwords, and tokens that stand alone', () => {
    expect(natsSecrets({ nats: 'nats://user:pa:ss@a:1,nats://token@b:2,nats://c:3' })).toEqual([
      'pa:ss',
      'token',
    ]);
    expect(natsSecrets({})).toEqual([]);
  });
});
