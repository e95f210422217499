/**
 * Where a broker listens:
 *
 *   listeners=KAFKA://:9091,REST://:8081,PEERS://10.0.0.1:9191
 *   advertised.listeners=KAFKA://broker1.example.com:9091,PEERS://10.0.0.1:9191
 *   listener.security.protocol.map=KAFKA:SSL,REST:PLAINTEXT,PEERS:PLAINTEXT
 *
 * Source: Kafka's SocketServerConfigs and KafkaConfig.
 */
import type { BrokerProperties } from '@barnabas/model';
import { SECURITY_PROTOCOLS, type SecurityProtocol } from '@barnabas/zookeeper';

/** `rest`: the HTTP API; `peers`: HTTP/2 between brokers; `kafka`: the protocol of Kafka. */
export type ListenerKind = 'rest' | 'peers' | 'kafka';

export type Listener = {
  /** In capitals. */
  readonly name: string;
  readonly kind: ListenerKind;
  readonly securityProtocol: SecurityProtocol;
  /** Without brackets; undefined for all addresses. */
  readonly host: string | undefined;
  /** 0: any that is free. */
  readonly port: number;
  /** What others are told; undefined where the listener is not advertised. A port of 0 is the one that is listened on. */
  readonly advertised: { readonly host: string; readonly port: number } | undefined;
};

/** What is wrong with one of the properties that listeners come from. */
export class ListenerError extends Error {
  readonly property: string;
  constructor(property: string, problem: string) {
    super(problem);
    this.name = new.target.name;
    this.property = property;
  }
}

type Address = { readonly name: string; readonly host: string | undefined; readonly port: number };
type ListenerProperties = Pick<
  BrokerProperties,
  'listeners' | 'advertisedListeners' | 'listenerSecurityProtocolMap' | 'interBrokerListenerName'
>;

const REST = 'REST';
const KAFKA = 'KAFKA';
const MAX_PORT = 65535;
/** Source: `Utils.URI_PARSE_REGEXP` of SocketServerConfigs. */
const ADDRESS = /^(?<name>[^:/\s]+):\/\/\[?(?<host>[0-9a-zA-Z\-%._:]*?)\]?:(?<port>\d{1,5})$/;
/** Addresses that mean all there are, which nobody can connect to. */
const EVERYWHERE = new Set(['0.0.0.0', '::']);
const DEFAULT_PROTOCOLS: ReadonlyMap<string, SecurityProtocol> = new Map([
  [REST, 'PLAINTEXT'],
  [KAFKA, 'PLAINTEXT'],
  ['PEERS', 'PLAINTEXT'],
  ...SECURITY_PROTOCOLS.map((protocol) => [protocol, protocol] as const),
]);

/**
 * @param hostName of this machine, which is advertised for all addresses
 * @throws ListenerError
 */
export function parseListeners(properties: ListenerProperties, hostName: string): readonly Listener[] {
  const addresses = parseAddresses('listeners', properties.listeners);
  refuseCollisions(addresses);
  const protocols = parseProtocols(properties.listenerSecurityProtocolMap);
  const advertised = parseAdvertised(properties.advertisedListeners, addresses);
  const interBroker = properties.interBrokerListenerName.toUpperCase();
  const listeners = addresses.map(({ name, host, port }): Listener => {
    const securityProtocol = protocols.get(name);
    if (securityProtocol === undefined) {
      throw new ListenerError('listener.security.protocol.map', `it has no protocol for the listener ${name}`);
    }
    const kind = name === REST ? 'rest' : name === interBroker ? 'peers' : 'kafka';
    refuseSasl(name, securityProtocol);
    const told = advertised.get(name);
    return {
      name,
      kind,
      securityProtocol,
      host,
      port,
      advertised: told && { host: told.host ?? hostName, port: told.port },
    };
  });
  refuseWithoutPeers(listeners, interBroker);
  return listeners;
}

function parseAddresses(property: string, text: string): Address[] {
  const entries = text.split(',').map((entry) => entry.trim());
  return entries.map((entry) => {
    const { name = '', host = '', port = '' } = ADDRESS.exec(entry)?.groups ?? {};
    if (name === '' || Number(port) > MAX_PORT) {
      throw new ListenerError(property, `${JSON.stringify(entry.slice(0, 100))} is not NAME://host:port`);
    }
    return { name: name.toUpperCase(), host: host === '' ? undefined : host, port: Number(port) };
  });
}

function refuseCollisions(addresses: readonly Address[]): void {
  for (const [index, address] of addresses.entries()) {
    const earlier = addresses.slice(0, index);
    if (earlier.some(({ name }) => name === address.name)) {
      throw new ListenerError('listeners', `there are two of the name ${address.name}`);
    }
    const same = earlier.find((other) => collide(other, address));
    if (same !== undefined) {
      throw new ListenerError('listeners', `${same.name} and ${address.name} have the same port ${address.port}`);
    }
  }
}

/** One port may serve two listeners only at two addresses. */
function collide(one: Address, other: Address): boolean {
  if (one.port !== other.port || one.port === 0) return false;
  const isEverywhere = [one, other].some(({ host }) => host === undefined || EVERYWHERE.has(host));
  return isEverywhere || one.host === other.host;
}

function parseProtocols(text: string): ReadonlyMap<string, SecurityProtocol> {
  const property = 'listener.security.protocol.map';
  const protocols = new Map(DEFAULT_PROTOCOLS);
  const entries = text.split(',').map((entry) => entry.trim());
  for (const entry of entries.filter((it) => it !== '')) {
    const colon = entry.lastIndexOf(':');
    const protocol = SECURITY_PROTOCOLS.find(
      (known) =>
        known ===
        entry
          .slice(colon + 1)
          .trim()
          .toUpperCase(),
    );
    if (colon < 1 || protocol === undefined) {
      const allowed = SECURITY_PROTOCOLS.join(', ');
      throw new ListenerError(property, `${JSON.stringify(entry)} is not NAME:PROTOCOL, with one of ${allowed}`);
    }
    protocols.set(entry.slice(0, colon).trim().toUpperCase(), protocol);
  }
  return protocols;
}

/** What each listener is advertised as: a host of undefined is the name of this machine. */
function parseAdvertised(text: string | undefined, addresses: readonly Address[]): ReadonlyMap<string, Address> {
  const property = text === undefined ? 'listeners' : 'advertised.listeners';
  const told = text === undefined ? addresses : parseAddresses(property, text);
  for (const { name, host } of told) {
    if (host !== undefined && EVERYWHERE.has(host)) {
      const remedy = text === undefined ? 'leave it out, or set advertised.listeners' : 'write one that can be reached';
      throw new ListenerError(property, `nobody can connect to the host ${host} of ${name}: ${remedy}`);
    }
    if (!addresses.some((address) => address.name === name)) {
      throw new ListenerError(property, `there is no listener ${name}; listeners has its name`);
    }
  }
  return new Map(told.map((address) => [address.name, address]));
}

/** No door has SASL: without a word they would go without it. */
function refuseSasl(name: string, protocol: SecurityProtocol): void {
  if (protocol === 'PLAINTEXT' || protocol === 'SSL') return;
  throw new ListenerError('listener.security.protocol.map', `${name} can be PLAINTEXT or SSL, not ${protocol}`);
}

function refuseWithoutPeers(listeners: readonly Listener[], interBroker: string): void {
  const property = 'inter.broker.listener.name';
  if (interBroker === REST) throw new ListenerError(property, `${REST} is the HTTP API; brokers need one of their own`);
  const peers = listeners.find(({ kind }) => kind === 'peers');
  if (peers === undefined) {
    throw new ListenerError(
      property,
      `there is no listener ${interBroker}: add one to listeners, as ${interBroker}://:9191`,
    );
  }
  if (peers.advertised === undefined) {
    throw new ListenerError('advertised.listeners', `${interBroker} has to be advertised: other brokers connect to it`);
  }
}
