import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretName, MASK, maskSecrets, redactJson, redactor, secretsIn } from './redact.ts';

describe('names', () => {
  it.each([
    'api_key',
    'apiKey',
    'API-KEY',
    'x-api-key',
    'Authorization',
    'X-Auth',
    'proxy-authorization',
    'token',
    'hf_token',
    'hfToken',
    'access_token',
    'Set-Cookie',
    'password',
    'db_password',
    'client_secret',
    'clientSecret',
    'secret_access_key',
    'private_key',
    'credentials',
    'api_keys',
  ])('%s is a secret’s', (name) => expect(isSecretName(name)).toBe(true));

  it.each([
    'max_tokens',
    'maxTokens',
    'min_tokens',
    'max_new_tokens',
    'max_completion_tokens',
    'total_tokens',
    'prompt_tokens',
    'tokens',
    'eos_token',
    'pad_token',
    'stop_token',
    'max_token',
    'skip_special_tokens',
    'tokenizer',
    'stop_token_ids',
    'return_token_ids',
    'key',
    'keyboard',
    'secretary',
    'model',
  ])('%s is not', (name) => expect(isSecretName(name)).toBe(false));
});

describe('a redactor', () => {
  const SECRET = 'sk-Zürich/"4+2" & <x>';
  const clean = redactor([SECRET]);

  it.each([
    ['raw', SECRET],
    ['in JSON', JSON.stringify({ a: SECRET })],
    ['in JSON inside JSON', JSON.stringify({ body: JSON.stringify({ a: SECRET }) })],
    ['in a URL', `http://h/?k=${encodeURIComponent(SECRET)}`],
    ['in a URL, small letters', encodeURIComponent(SECRET).replace(/%../g, (code) => code.toLowerCase())],
    ['in a form', new URLSearchParams({ k: SECRET }).toString()],
    [
      'in HTML',
      SECRET.replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;'),
    ],
    ['in CSV', `"${SECRET.replaceAll('"', '""')}"`],
    ['in base64', Buffer.from(SECRET).toString('base64')],
  ])('knows a secret %s', (_name, text) => {
    expect(clean(text)).toContain(MASK);
    expect(clean(text)).not.toMatch(/rich|4\+2/);
  });

  it('knows JSON that is all ASCII, as Python writes it', () => {
    expect(redactor(['Zürich'])('{"a":"Z\\u00fcrich"}')).toBe('{"a":"***"}');
  });

  it('takes the longer of two secrets first', () => {
    expect(redactor(['abcd', 'abcdefgh'])('abcdefgh abcd')).toBe('*** ***');
  });

  it("takes a configured URL's password out, and leaves an answer that only looks like a URL", () => {
    const redact = redactor(secretsIn({ url: 'https://ann:pa55@host/x' }));
    expect(redact('see https://ann:pa55@host/x')).toBe('see https://ann:***@host/x');
    expect(redact('x = 1 //todo:fix@home')).toBe('x = 1 //todo:fix@home');
  });

  it.each(['abc', 'EMPTY', 'none', 'null', 'true', 'sk-no-key-required', 'test'])(
    'leaves %j: too short, or what people write where no key is wanted',
    (word) => expect(redactor([word])(`say ${word}!`)).toBe(`say ${word}!`),
  );
});

describe('JSON', () => {
  it('keeps its structure, even where a secret looks like a piece of it', () => {
    const line = '{"call":{"index":1234},"message":"key 1234 is bad","content":"call me"}';
    expect(redactJson(line, redactor(['1234', 'call', '"message"']))).toBe(
      '{"call":{"index":1234},"message":"key *** is bad","content":"*** me"}',
    );
  });

  it('keeps its indentation, and what is no JSON is masked as text', () => {
    const pretty = `${JSON.stringify({ a: 'sk-12345', n: 7 }, null, 4)}\n`;
    expect(redactJson(pretty, redactor(['sk-12345']))).toBe(pretty.replace('sk-12345', MASK));
    expect(redactJson('oops sk-12345', redactor(['sk-12345']))).toBe('oops ***');
  });
});

describe('plain data', () => {
  const config = {
    models: [
      {
        api_key: 'sk-12345',
        generation_kwargs: { max_tokens: 5 },
        url: 'http://ann:pa55%21@h/?token=tk-9999',
      },
    ],
    headers: { Authorization: 'Bearer abcdefgh', Cookie: ['one=1111', 'two=2222'] },
    password: 12345678,
    empty: { api_key: '', token: null, secret: undefined },
  };

  it('is masked under a secret’s name', () => {
    expect(maskSecrets(config)).toEqual({
      models: [{ api_key: MASK, generation_kwargs: { max_tokens: 5 }, url: config.models[0]?.url }],
      headers: { Authorization: MASK, Cookie: MASK },
      password: MASK,
      empty: { api_key: '', token: null, secret: undefined },
    });
  });

  it('tells its secrets, those in URLs too', () => {
    expect(secretsIn(config).sort()).toEqual(
      [
        'sk-12345',
        'pa55%21',
        'pa55!',
        'tk-9999',
        'Bearer abcdefgh',
        'abcdefgh',
        'one=1111',
        'two=2222',
        '12345678',
      ].sort(),
    );
  });
});

describe('no secret survives', () => {
  // '*' is the mask's own letter: a secret of stars could be made of masks.
  const secret = fc.string({ unit: 'grapheme', minLength: 4, maxLength: 12 }).filter((s) => !s.includes('*'));
  const secrets = fc.array(secret, { minLength: 1, maxLength: 4 });

  it('in text', () => {
    fc.assert(
      fc.property(secrets, fc.array(fc.string()), (known, texts) => {
        const placeholder = /^(empty|none|null|undefined|true|false|dummy|fake|test|nokey|x+)$/i;
        const wanted = known.filter((word) => !placeholder.test(word));
        const clean = redactor(known)(wanted.map((word, n) => `${texts[n] ?? ''}${word}`).join(' '));
        for (const word of wanted) expect(clean).not.toContain(word);
      }),
    );
  });

  it('in the strings of a JSON line, which stays JSON', () => {
    fc.assert(
      fc.property(
        secret,
        fc.string(),
        fc.double({ noDefaultInfinity: true, noNaN: true }),
        (word, around, n) => {
          fc.pre(!/^(empty|none|null|undefined|true|false|dummy|fake|test|nokey|x+)$/i.test(word));
          const line = JSON.stringify({
            text: `${around}${word}${around}`,
            list: [word, JSON.stringify({ word })],
            n,
          });
          const data = JSON.parse(redactJson(line, redactor([word])));
          expect(data.n).toBe(JSON.parse(JSON.stringify(n)));
          for (const text of [data.text, ...data.list]) expect(text).not.toContain(word);
        },
      ),
    );
  });
});
