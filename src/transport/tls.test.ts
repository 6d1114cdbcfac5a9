import { describe, expect, it } from 'vitest';
import { pem } from '../../test/support/connections.ts';
import { makeSecureContext, TlsFileError } from './connector.ts';
import type { PemFile } from './types.ts';

const file = (text: string): PemFile => ({ path: 'x.pem', text });
const insecure = false;

describe('files', () => {
  it('may be an authority, or a certificate with its key, which may be encrypted', () => {
    makeSecureContext({ ca: pem('ca.pem'), insecure });
    makeSecureContext({ ca: file(pem('ca.pem').text + pem('other-ca.pem').text), insecure });
    makeSecureContext({ cert: pem('client.pem'), key: pem('client.key'), insecure });
    makeSecureContext({
      cert: pem('client.pem'),
      key: pem('client-encrypted.key'),
      passphrase: 'open-sesame',
      insecure,
    });
  });

  it.each([
    ['ca', { ca: file('hello') }, 'it holds no PEM certificate'],
    ['ca', { ca: file(pem('server.key').text) }, 'it holds no PEM certificate'],
    [
      'ca',
      { ca: file('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n') },
      'its certificate 1 cannot be read',
    ],
    ['key', { cert: pem('client.pem') }, 'tls.cert needs tls.key'],
    ['cert', { key: pem('client.key') }, 'tls.key needs tls.cert'],
    [
      'key',
      { cert: pem('client.pem'), key: pem('server.key') },
      'it does not belong to the certificate of tls.cert',
    ],
    [
      'key',
      { cert: pem('client.pem'), key: pem('client-encrypted.key') },
      'it is encrypted: give tls.passphrase',
    ],
    [
      'key',
      { cert: pem('client.pem'), key: pem('client-encrypted.key'), passphrase: 'wrong' },
      'tls.passphrase does not open it',
    ],
    ['key', { cert: pem('client.pem'), key: file('hello') }, 'it holds no usable private key'],
  ])('are told apart when %s is wrong: %#', (setting, settings, words) => {
    const attempt = () => makeSecureContext({ ...settings, insecure });
    expect(attempt).toThrow(TlsFileError);
    expect(attempt).toThrow(expect.objectContaining({ setting, message: expect.stringContaining(words) }));
  });
});
