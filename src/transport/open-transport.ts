import { http1Transport } from './http1-transport.ts';
import { proxyFor } from './proxy.ts';
import type { Clock, HttpRequest, Transport, TransportOptions } from './types.ts';

/**
 * Opens the transport of a service: HTTP/1.1, or HTTP/2 where the config says so. A direct HTTP/1.1 connection is read by our own
 * client, one through a proxy by undici; what few runs need is loaded when it is needed. Throws TlsFileError.
 */
export async function openTransport(
  clock: Clock,
  { http2, ...options }: TransportOptions & { readonly http2: boolean },
): Promise<Transport> {
  if (http2) {
    const { http2Transport } = await import('./http2-transport.ts');
    return http2Transport(clock, options);
  }
  const { proxy } = options;
  const direct = http1Transport(clock, options);
  if (proxy === undefined || (proxy.http === '' && proxy.https === '')) return direct;
  const { undiciTransport } = await import('./undici-transport.ts');
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
