import { baseUrlOf } from '../contract/base-api-model.ts';
import { messageOf } from '../contract/errors.ts';
import { isSecretName, secretsIn } from '../store/redact.ts';
import {
  basicCredentials,
  NO_PROXY,
  type ProxySettings,
  proxyProblem,
  proxyUrl,
  readProxies,
} from '../transport/proxy.ts';
import { headerProblem, valueIsUnsendable, withEnvironment } from '../transport/request-headers.ts';
import type { ConnectionPlan } from './connection-plan.ts';
import type { Environment, Reading, Surroundings } from './reading.ts';
import { resolveAdapters } from './resolve-adapters.ts';
import { resolveTls } from './resolve-tls.ts';
import type { ServiceModelConfig } from './schema.ts';
import { type RawEntry, wrongValue } from './validate.ts';

export interface ResolvedConnection {
  readonly connection: ConnectionPlan;
  /** Headers with the environment's values in them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The only or first URL as it was given; '' where host and port are. */
  readonly url: string;
}

/** How a model's service is reached. Reads the files that the config names. Throws UTILS-CFG-002 with key and place. */
export function resolveConnection(
  config: ServiceModelConfig,
  entry: RawEntry,
  surroundings: Surroundings,
): ResolvedConnection {
  const secrets: string[] = [];
  const keep = (secret: string) => secrets.push(...secretsIn({ secret }));
  const headers = resolveHeaders(config.headers, { entry, ...surroundings, keep });
  const { servers, url } = resolveServers(config, entry);
  const proxy = resolveProxy(config.proxy, entry, surroundings.env);
  const tls = resolveTls(config.tls, { entry, ...surroundings, keep });
  const connection = {
    servers,
    balance: config.balance,
    http2: config.http2,
    tls,
    proxy,
    adapters: resolveAdapters(config, entry, surroundings.cwd),
    headers: config.headers,
    secrets: [
      ...secrets,
      ...secretsIn({ servers, proxy }),
      ...credentialsIn([...servers, ...Object.values(proxy).flat()]),
    ],
  };
  return { connection, headers, url };
}

/** `user:password` of URLs in the form in which it is sent, which a server may quote back. */
function credentialsIn(urls: readonly string[]): string[] {
  const sent = urls.map((url) => (URL.canParse(url) ? basicCredentials(new URL(url)) : undefined));
  return sent.flatMap((value) => (value === undefined ? [] : secretsIn({ authorization: value })));
}

function resolveHeaders(
  headers: Readonly<Record<string, string>>,
  { entry, env, keep }: Reading,
): Record<string, string> {
  const seen = new Set<string>();
  const filled = Object.entries(headers).map(([name, value]) => {
    const refuse = (why: string, cure = 'correct the header') =>
      wrongValue(entry, ['headers', name], why, cure);
    const problem = headerProblem(name, value);
    if (problem !== undefined) throw refuse(problem);
    if (seen.has(name.toLowerCase())) throw refuse('this header is there twice', 'keep one of the two');
    seen.add(name.toLowerCase());
    try {
      const text = withEnvironment(value, env, keep);
      if (valueIsUnsendable(text)) throw new Error('an environment variable holds what no header can');
      if (isSecretName(name)) keep(text);
      return [name, text];
    } catch (error) {
      throw refuse(messageOf(error), 'set the variable, or take it out of the header');
    }
  });
  return Object.fromEntries(filled);
}

/** The base URLs, normalised: `url` (one or several), `urls`, or host and port. A flag's URL replaces what the file says. */
function resolveServers(config: ServiceModelConfig, entry: RawEntry): { servers: string[]; url: string } {
  const fromFlag = entry.overridden['url'] !== undefined;
  if (config.urls !== undefined && config.url.length > 0 && !fromFlag)
    throw wrongValue(entry, ['urls'], '`url` and `urls` are both given', 'keep one of the two');
  const key = config.urls === undefined || fromFlag ? 'url' : 'urls';
  const given = key === 'urls' ? config.urls! : [config.url].flat();
  const list = given.some((url) => url.trim() !== '') ? given : [''];
  const servers = list.map((url) => {
    const { host_ip: hostIp, host_port: hostPort, enable_ssl: enableSsl } = config;
    try {
      const base = baseUrlOf({ url, hostIp, hostPort, enableSsl });
      // A scheme where a host belongs becomes a host: `http://http://10.0.0.1:8080/`.
      if (!new URL(base).pathname.startsWith('//')) return base;
    } catch {
      // Said below.
    }
    const at = url === '' ? 'host_ip' : key;
    throw wrongValue(
      entry,
      [at],
      'this makes no valid URL',
      'write a host, or a URL such as http://host:8080/',
    );
  });
  const twice = servers.find((server, index) => servers.indexOf(server) !== index);
  if (twice !== undefined) throw wrongValue(entry, [key], `${twice} is there twice`, 'name each server once');
  return { servers, url: list[0]! };
}

function resolveProxy(given: string, entry: RawEntry, env: Environment): ProxySettings {
  const settings =
    given === 'env' ? readProxies(env) : given === '' ? NO_PROXY : { http: given, https: given, bypass: [] };
  for (const scheme of ['http', 'https'] as const) {
    const problem = settings[scheme] === '' ? undefined : proxyProblem(settings[scheme]);
    if (problem === undefined) continue;
    const source = given === 'env' ? `the environment's ${scheme}_proxy: ${problem}` : problem;
    throw wrongValue(entry, ['proxy'], source, 'write a URL such as http://proxy:3128, or "" for none');
  }
  return { ...settings, http: proxyUrl(settings.http), https: proxyUrl(settings.https) };
}
