import { http1Transport } from './http1-transport.ts';
import { http2Transport } from './http2-transport.ts';
import { proxyFor } from './proxy.ts';
import type { Clock, HttpRequest, Transport, TransportOptions } from './types.ts';
import { undiciTransport } from './undici-transport.ts';

/**
 * The transport of a service: HTTP/1.1, or HTTP/2 where that is asked for. A direct HTTP/1.1 connection is read by our own
 * client, one through a proxy by undici. Throws TlsFileError.
 */
export function openTransport(
  clock: Clock,
  { http2, ...options }: TransportOptions & { readonly http2: boolean },
): Transport {
  if (http2) return http2Transport(clock, options);
  const { proxy } = options;
  const direct = http1Transport(clock, options);
  if (proxy === undefined || (proxy.http === '' && proxy.https === '')) return direct;
  const proxied = undiciTransport(clock, options);
  const chosen = ({ url }: HttpRequest) =>
    URL.canParse(url) && proxyFor(new URL(url), proxy) !== undefined ? proxied : direct;
  return {
    send: (request, sink) => chosen(request).send(request, sink),
    close: async () => {
      await Promise.all([direct.close(), proxied.close()]);
    },
  };
}
