import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proxyFor, proxyProblem, readProxies } from './proxy.ts';

const PROXY = 'http://proxy.lan:3128';
const goesThrough = (url: string, bypass: string) =>
  proxyFor(new URL(url), { http: PROXY, https: PROXY, bypass: bypass.split(',').filter(Boolean) }) !==
  undefined;

describe('the environment', () => {
  it('is read in lower case first, as AISBench’s client does', () => {
    const env = { http_proxy: 'a:1', HTTP_PROXY: 'b:1', HTTPS_PROXY: 'c:1', NO_PROXY: 'x, y  z' };
    expect(readProxies(env)).toEqual({ http: 'a:1', https: 'c:1', bypass: ['x', 'y', 'z'] });
  });

  it('switches a proxy off where the lower-case variable is empty', () => {
    expect(readProxies({ http_proxy: '', HTTP_PROXY: 'b:1' }).http).toBe('');
  });

  it('may be silent', () => expect(readProxies({})).toEqual({ http: '', https: '', bypass: [] }));
});

describe('a proxy', () => {
  it('is chosen by the scheme of the service', () => {
    const settings = { http: 'plain:1', https: 'https://user:p%40ss@tls.lan', bypass: [] };
    expect(proxyFor(new URL('http://a/'), settings)).toEqual({
      protocol: 'http:',
      hostname: 'plain',
      port: 1,
    });
    expect(proxyFor(new URL('https://a/'), settings)).toEqual({
      protocol: 'https:',
      hostname: 'tls.lan',
      port: 443,
      authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}`,
    });
  });

  it.each([
    ['proxy:3128', undefined],
    ['http://[::1]:3128/', undefined],
    ['https://u:p@proxy', undefined],
    ['socks5://proxy:1080', 'socks5:// proxies are not supported'],
    ['http://', 'this is no URL'],
    ['http://a b', 'this is no URL'],
  ])('%s: %s', (given, problem) => expect(proxyProblem(given)).toBe(problem));
});

describe('no_proxy', () => {
  it.each([
    ['http://a.lan/', '*', false],
    ['http://a.lan/', 'a.lan', false],
    ['http://A.LAN/', 'a.lan', false],
    ['http://a.lan/', 'lan', false],
    ['http://a.lan/', '.lan', false],
    ['http://a.lan/', '*.lan', false],
    ['http://a.lan/', 'b.lan', true],
    ['http://milan/', 'lan', true],
    ['http://a.lan:8080/', 'a.lan:8080', false],
    ['http://a.lan:8081/', 'a.lan:8080', true],
    ['http://a.lan/', 'a.lan:80', false],
    ['https://a.lan/', 'a.lan:443', false],
    ['http://10.1.2.3/', '10.0.0.0/8', false],
    ['http://11.1.2.3/', '10.0.0.0/8', true],
    ['http://10.1.2.3/', '10.1.2.3', false],
    ['http://10.1.2.3/', '2.3', true],
    ['http://[fd00::1]/', 'fd00::1', false],
    ['http://[fd00::1]:81/', '[fd00::1]:80', true],
    ['http://[fd00::1]/', 'fd00::/8', false],
    ['http://10.1.2.3/', 'fd00::/8', true],
    ['http://10.1.2.3/', '10.0.0.0/99', true],
    ['http://a.lan/', '', true],
  ])('%s under %j goes through the proxy: %s', (url, bypass, through) => {
    expect(goesThrough(url, bypass)).toBe(through);
  });

  it('may hold anything', () => {
    fc.assert(
      fc.property(fc.string(), (entry) => {
        expect(typeof goesThrough('http://a.lan/', entry)).toBe('boolean');
      }),
    );
  });
});
