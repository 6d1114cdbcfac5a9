import { BlockList, isIP } from 'node:net';

/** Server that a connection leads to. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:';
  /** Name or address, an IPv6 one without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** Returns the endpoint of a URL, with its scheme's default port where it names none. */
export function parseEndpoint(url: { protocol: string; hostname: string; port: string | number }): Endpoint {
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  return { protocol, hostname, port: Number(url.port) || (protocol === 'https:' ? 443 : 80) };
}

/** `host:port`, an IPv6 address in brackets. */
export function formatAuthority({ hostname, port }: Endpoint): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}

type ProxyEnvironment = Readonly<Record<string, string | undefined>>;

/** Proxies that requests go through: URLs as written by the user, '' = none. */
export interface ProxySettings {
  readonly http: string;
  readonly https: string;
  /** Hosts that are reached directly, as in `no_proxy`. */
  readonly bypass: readonly string[];
}

/** Direct connections only. */
export const NO_PROXY: ProxySettings = { http: '', https: '', bypass: [] };

/** A proxy: its endpoint and credentials. */
export interface ProxyServer extends Endpoint {
  /** Value of Proxy-Authorization. */
  readonly authorization?: string;
}

/**
 * The proxies of the environment as AISBench's client reads them (`trust_env`): `http_proxy`, `https_proxy` and `no_proxy`,
 * lower case before upper case, an empty one counting as none.
 */
export function readProxies(env: ProxyEnvironment): ProxySettings {
  const read = (name: string) => (env[name] ?? env[name.toUpperCase()] ?? '').trim();
  const bypass = read('no_proxy')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '');
  return { http: read('http_proxy'), https: read('https_proxy'), bypass };
}

/** Returns why a proxy's address cannot be used, or undefined. */
export function proxyProblem(given: string): string | undefined {
  const text = withScheme(given);
  if (!URL.canParse(text)) return 'this is no URL';
  const { protocol, hostname } = new URL(text);
  if (protocol !== 'http:' && protocol !== 'https:') return `${protocol}// proxies are not supported`;
  return hostname === '' ? 'this URL has no host' : undefined;
}

/** Returns the proxy that a request to this URL goes through; undefined for a direct connection. */
export function proxyFor(
  { protocol, hostname, port }: URL,
  settings: ProxySettings,
): ProxyServer | undefined {
  const given = protocol === 'https:' ? settings.https : settings.http;
  if (given === '') return undefined;
  const target = parseEndpoint({ protocol, hostname, port });
  if (settings.bypass.some((entry) => covers(entry, target))) return undefined;
  const url = new URL(withScheme(given));
  const authorization = basicCredentials(url);
  return { ...parseEndpoint(url), ...(authorization === undefined ? {} : { authorization }) };
}

/** `proxy:3128` is how many people write it. */
function withScheme(given: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `http://${given}`;
}

/** The proxy's address as a full URL, credentials included. */
export function proxyUrl(given: string): string {
  return given === '' ? '' : withScheme(given);
}

/** `*`, a host, a domain with everything below it (`.lan`, `*.lan`, `lan`), an address, a block (`10.0.0.0/8`); `:port` narrows it. */
function covers(entry: string, { hostname, port }: Endpoint): boolean {
  if (entry === '*') return true;
  const block = /^([\da-f.:]+)\/(\d+)$/i.exec(entry);
  if (block !== null) return blockHolds(block[1]!, Number(block[2]), hostname);
  const { name, port: ownPort } = splitPort(entry);
  if (ownPort !== undefined && ownPort !== port) return false;
  const host = hostname.toLowerCase();
  return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
}

/** A bare IPv6 address is full of colons and has no port. */
function splitPort(entry: string): { name: string; port?: number } {
  const [, name = entry, port] = isIP(entry) === 0 ? (/^\[?(.+?)\]?(?::(\d+))?$/.exec(entry) ?? []) : [];
  const bare = name.replace(/^\*?\./, '').toLowerCase();
  return port === undefined ? { name: bare } : { name: bare, port: Number(port) };
}

function blockHolds(network: string, prefix: number, host: string): boolean {
  const family = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
  if (isIP(network) === 0 || isIP(host) === 0 || family(network) !== family(host)) return false;
  if (prefix > (isIP(network) === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family(network));
  return list.check(host, family(host));
}

/** The value of an Authorization or Proxy-Authorization header for `http://user:password@host/`. */
export function basicCredentials({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  const pair = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}

/** Percent-decodes where it can: a password may contain a plain `%`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
