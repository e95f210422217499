/** Where a broker listens, as its registration says it: `LISTENER://host:port`, an IPv6 address in brackets. */
import { oneOf } from './json/kinds.ts';
import type { Place } from './json/place.ts';

export const SECURITY_PROTOCOLS = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;

export type SecurityProtocol = (typeof SECURITY_PROTOCOLS)[number];

export type Endpoint = {
  /** In capitals. */
  readonly listener: string;
  readonly securityProtocol: SecurityProtocol;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
};

export const securityProtocol = oneOf(SECURITY_PROTOCOLS);

const MAX_PORT = 65535;
/** Source: `Utils.URI_PARSE_REGEXP` of SocketServerConfigs. */
const CONNECTION_STRING = /^(?<listener>[^:/]+):\/\/\[?(?<host>[0-9a-zA-Z\-%._:]*?)\]?:(?<port>\d{1,5})$/;

/** `protocols` by listener in capitals. @throws MalformedZnodeError */
export function parseEndpoint(text: string, protocols: ReadonlyMap<string, SecurityProtocol>, place: Place): Endpoint {
  const { listener = '', host = '', port = '' } = CONNECTION_STRING.exec(text)?.groups ?? {};
  if (port === '' || Number(port) > MAX_PORT) throw place.expected('LISTENER://host:port', text);
  const name = listener.toUpperCase();
  const protocol = protocols.get(name);
  if (protocol === undefined) throw place.wrong(`no security protocol is known of listener ${name}`);
  return { listener: name, securityProtocol: protocol, host, port: Number(port) };
}

export function formatEndpoint({ listener, host, port }: Endpoint): string {
  return `${listener}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
