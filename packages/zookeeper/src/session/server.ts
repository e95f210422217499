/** A server of an ensemble; an IPv6 address stands without brackets. */
export type Server = { readonly host: string; readonly port: number };

/** `host:port`, an IPv6 address in brackets. */
export function nameOfServer({ host, port }: Server): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
