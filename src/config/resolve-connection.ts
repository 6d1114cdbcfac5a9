import { resolve } from 'node:path';
import { defined } from '../basics/defined.ts';
import { makeBaseUrl } from '../contract/base-api-model.ts';
import { type AisBenchError, messageOf } from '../contract/errors.ts';
import { isSecretName, secretsIn } from '../store/redact.ts';
import { makeSecureContext, type TlsFileError } from '../transport/connector.ts';
import {
  basicCredentials,
  NO_PROXY,
  type ProxySettings,
  proxyProblem,
  proxyUrl,
  readProxies,
} from '../transport/proxy.ts';
import { headerProblem, valueIsUnsendable, withEnvironment } from '../transport/request-headers.ts';
import type { PemFile, TlsSettings } from '../transport/types.ts';
import { readNamedFile } from './load.ts';
import type { Environment, Surroundings } from './places.ts';
import type { AdapterPlan, ConnectionPlan } from './plan.ts';
import type { ServiceModelConfig } from './schema.ts';
import { type RawEntry, wrongValue } from './validate.ts';

/** What the connection of a model is read with. */
interface ConnectionContext extends Surroundings {
  readonly entry: RawEntry;
  /** Called with every secret that was read. */
  keep(secret: string): void;
}

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
  { entry, env, keep }: ConnectionContext,
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
      const base = makeBaseUrl({ url, hostIp, hostPort, enableSsl });
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

/** Reads and checks the files of `tls`. Throws UTILS-CFG-002 that names the file. */
function resolveTls(tls: ServiceModelConfig['tls'], reading: ConnectionContext): TlsSettings | undefined {
  if (tls === undefined) return undefined;
  const refuse = (key: string, why: string, cure: string) =>
    wrongValue(reading.entry, ['tls', key], why, cure);
  const read = (key: 'ca' | 'cert' | 'key'): Partial<Record<typeof key, PemFile>> => {
    const path = tls[key];
    if (path === undefined) return {};
    try {
      return { [key]: { path, text: readNamedFile(resolve(reading.cwd, path)) } };
    } catch (error) {
      throw refuse(key, `the file ${path} cannot be read: ${messageOf(error)}`, 'correct the path');
    }
  };
  const settings: TlsSettings = {
    ...read('ca'),
    ...read('cert'),
    ...read('key'),
    ...defined({
      passphrase: tls.passphrase === undefined ? undefined : readPassphrase(tls.passphrase, reading),
      serverName: tls.server_name,
    }),
    insecure: tls.insecure,
  };
  try {
    makeSecureContext(settings);
  } catch (error) {
    const { setting, message } = error as TlsFileError;
    const path = tls[setting];
    throw refuse(setting, path === undefined ? message : `${path}: ${message}`, `correct tls.${setting}`);
  }
  return settings;
}

function readPassphrase(given: string, { entry, env, keep }: ConnectionContext): string {
  try {
    const text = withEnvironment(given, env, keep);
    keep(text);
    return text;
  } catch (error) {
    const cure = 'set the variable, or write the passphrase';
    throw wrongValue(entry, ['tls', 'passphrase'], messageOf(error), cure);
  }
}

const MAP_FILE = ['generation_kwargs', 'lora_data_map_file'];

/**
 * Which adapter a case asks for: `lora_mix`, or AISBench's `generation_kwargs.lora_data_map_file`, a JSON object of row →
 * adapter (§2.3). Throws UTILS-CFG-002 for a file that cannot be read: silently asking the base model would measure
 * something else.
 */
function resolveAdapters(config: ServiceModelConfig, entry: RawEntry, cwd: string): AdapterPlan | undefined {
  const file = config.generation_kwargs['lora_data_map_file'];
  const shares = config.lora_mix;
  if (shares !== undefined) {
    if (file !== undefined && file !== null && file !== '')
      throw wrongValue(
        entry,
        ['lora_mix'],
        'lora_mix and lora_data_map_file are both given',
        'keep one of the two',
      );
    return { kind: 'mix', seed: config.lora_seed, shares };
  }
  // AISBench takes an empty name for none.
  if (file === undefined || file === null || file === '') return undefined;
  if (typeof file !== 'string') throw wrongValue(entry, MAP_FILE, 'this is no file name', 'write its path');
  return {
    kind: 'rows',
    path: file,
    names: readMap(resolve(cwd, file), (why) => wrongMap(entry, file, why)),
  };
}

function readMap(path: string, refuse: (why: string) => AisBenchError): Record<string, string> {
  let data: unknown;
  try {
    data = JSON.parse(readNamedFile(path));
  } catch (error) {
    throw refuse(`it cannot be read: ${messageOf(error)}`);
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw refuse('it is no JSON object');
  for (const [row, name] of Object.entries(data)) {
    if (!/^\d+$/.test(row)) throw refuse(`"${row}" is no row number, counted from 0`);
    if (typeof name !== 'string') throw refuse(`the adapter of row ${row} is no text`);
  }
  return data as Record<string, string>;
}

function wrongMap(entry: RawEntry, path: string, why: string): AisBenchError {
  return wrongValue(entry, MAP_FILE, `${path}: ${why}`, 'write {"0": "adapter-a", "1": "adapter-b"}');
}
