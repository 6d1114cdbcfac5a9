import { plural } from '../../basics/plural.ts';
import type { AdapterPlan, ConnectionPlan } from '../../config/connection-plan.ts';
import type { ModelPlan } from '../../config/plan.ts';
import { withoutCredentials } from '../../contract/base-api-model.ts';
import { formatAuthority, proxyFor } from '../../transport/proxy.ts';

/** What stands before a run that checks no certificates. */
export const INSECURE_BANNER =
  'INSECURE: certificates are not checked (tls.insecure). Whoever is on the way can read and change everything, keys included';

export function isInsecure(model: ModelPlan): boolean {
  return model.attr === 'service' && model.connection.tls?.insecure === true;
}

/** Who is asked: the URL, or all of them and how cases are spread. */
export function describeServers({ servers, balance }: ConnectionPlan): string {
  const shown = servers.map(withoutCredentials).join(', ');
  return servers.length === 1
    ? shown
    : `${servers.length} servers, ${balance.replaceAll('_', ' ')}: ${shown}`;
}

/** Lines about what is not as usual: HTTP/2, TLS files, proxies, adapters. */
export function describeConnection(connection: ConnectionPlan): string[] {
  const { http2, tls, adapters } = connection;
  const parts = [
    ...(http2 ? ['HTTP/2'] : []),
    ...(tls?.ca === undefined ? [] : [`trusts ${tls.ca.path}`]),
    ...(tls?.cert === undefined ? [] : [`shows ${tls.cert.path}`]),
    ...(tls?.serverName === undefined ? [] : [`expects the name ${tls.serverName}`]),
    ...proxiesOnTheWay(connection),
  ];
  return [
    ...(parts.length === 0 ? [] : [`connection: ${parts.join(', ')}`]),
    ...(adapters === undefined ? [] : [describeAdapters(adapters)]),
  ];
}

function proxiesOnTheWay({ servers, proxy }: ConnectionPlan): string[] {
  const ways = servers.map((server) => {
    const via = proxyFor(new URL(server), proxy);
    return via === undefined ? undefined : `through the proxy ${formatAuthority(via)}`;
  });
  const used = [...new Set(ways)].filter((way) => way !== undefined);
  return used.map((way) => {
    const count = ways.filter((one) => one === way).length;
    return count === servers.length ? way : `${count} of ${servers.length} servers ${way}`;
  });
}

function describeAdapters(adapters: AdapterPlan): string {
  if (adapters.kind === 'rows')
    return `adapters: ${plural(Object.keys(adapters.names).length, 'row')} of ${adapters.path}`;
  const total = adapters.shares.reduce((sum, { weight }) => sum + weight, 0);
  const share = (weight: number) => `${Number(((100 * weight) / total).toFixed(1))} %`;
  const shares = adapters.shares.map(({ name, weight }) => `${name || 'the model itself'} ${share(weight)}`);
  return `adapters: ${shares.join(', ')} (seed ${adapters.seed})`;
}
