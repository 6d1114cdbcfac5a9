import { http2Transport } from './http2-transport.ts';
import type { Clock, Transport, TransportOptions } from './types.ts';
import { undiciTransport } from './undici-transport.ts';

/** The transport of a service: HTTP/1.1, or HTTP/2 where that is asked for. Throws TlsFileError. */
export function openTransport(
  clock: Clock,
  { http2, ...options }: TransportOptions & { readonly http2: boolean },
): Transport {
  return http2 ? http2Transport(clock, options) : undiciTransport(clock, options);
}
