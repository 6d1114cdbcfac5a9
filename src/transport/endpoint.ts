/** Where a connection leads. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:';
  /** Name or address, an IPv6 one without brackets. */
  readonly hostname: string;
  readonly port: number;
}

/** The endpoint of a URL, its scheme's own port where it names none. */
export function endpointOf(url: { protocol: string; hostname: string; port: string | number }): Endpoint {
  const protocol = url.protocol === 'https:' ? 'https:' : 'http:';
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  return { protocol, hostname, port: Number(url.port) || (protocol === 'https:' ? 443 : 80) };
}

/** `host:port`, an IPv6 address in brackets. */
export function authorityOf({ hostname, port }: Endpoint): string {
  return `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}`;
}
