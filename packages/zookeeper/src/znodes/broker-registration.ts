/**
 * `/brokers/ids/<id>`, ephemeral: a broker that is alive. The czxid of the znode is its broker epoch.
 *
 *   {"features":{},"listener_security_protocol_map":{"PLAINTEXT":"PLAINTEXT"},"endpoints":["PLAINTEXT://h1:9092"],
 *    "rack":"a","jmx_port":-1,"port":9092,"host":"h1","version":5,"timestamp":"1795255562854"}
 *
 * `rack` only where there is one; `host` and `port` are those of the first PLAINTEXT endpoint, null and -1 without one.
 * Version 1 has no endpoints but the host and port, version 2 no rack, version 3 no map of protocols (a listener is then
 * called as its protocol), version 4 no features. Kafka passes over keys that it does not know; one of ours comes last:
 *
 *   "unclean":true  the broker started without the marker of a clean shutdown, and may lack what it had acknowledged
 *
 * Source: Kafka's BrokerIdZNode.
 */
import type { BrokerId } from '@barnabas/model';
import {
  type Endpoint,
  formatEndpoint,
  parseEndpoint,
  SECURITY_PROTOCOLS,
  type SecurityProtocol,
  securityProtocol,
} from './endpoint.ts';
import { boolean, type Fields, int64Text, integer, listOf, mapOf, naturalOrNone, object, text } from './json/kinds.ts';
import { Place } from './json/place.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';
import { inImmutableMapOrder } from './order/scala-map-order.ts';

export const BROKER_IDS_PATH = '/brokers/ids';

export type BrokerRegistration = {
  /** One at least. */
  readonly endpoints: readonly Endpoint[];
  /** -1 where there is none. */
  readonly jmxPort: number;
  readonly rack: string | undefined;
  /** When it was written; 0 where it does not say. */
  readonly timestampMs: number;
  /** Versions of features that the broker supports; empty in a ZooKeeper cluster. */
  readonly features: ReadonlyMap<string, VersionRange>;
  /** Started without the marker of a clean shutdown. */
  readonly unclean: boolean;
};

export type VersionRange = { readonly minVersion: number; readonly maxVersion: number };

const MAX_VERSION = 2147483647;
const MAX_PORT = 65535;
const INT16_MAX = 32767;
const featureVersion = integer(0, INT16_MAX);

export function brokerPath(id: BrokerId): string {
  return `${BROKER_IDS_PATH}/${id}`;
}

/** @throws MalformedZnodeError */
export function decodeBrokerRegistration(id: BrokerId, data: Uint8Array | null): BrokerRegistration {
  const path = brokerPath(id);
  const json = readJson(path, data);
  const version = json.required('version', integer(1, MAX_VERSION));
  return {
    endpoints: version === 1 ? [onlyEndpoint(json)] : endpointsOf(json, path),
    jmxPort: json.optional('jmx_port', naturalOrNone) ?? -1,
    rack: json.optional('rack', text),
    timestampMs: json.optional('timestamp', int64Text) ?? 0,
    features: new Map(
      [...(json.optional('features', mapOf(object)) ?? [])].map(([name, range]) => [name, versionRangeOf(range)]),
    ),
    unclean: json.optional('unclean', boolean) ?? false,
  };
}

/** @throws RangeError for a number that no registration can have */
export function encodeBrokerRegistration(registration: BrokerRegistration): Uint8Array {
  const { endpoints, jmxPort, rack, timestampMs, features, unclean } = registration;
  const plain = endpoints.find((endpoint) => endpoint.securityProtocol === 'PLAINTEXT');
  const protocols = endpoints.map((endpoint) => [endpoint.listener, endpoint.securityProtocol] as const);
  const ranges = Array.from(
    features,
    ([name, { minVersion, maxVersion }]) => [name, { min_version: minVersion, max_version: maxVersion }] as const,
  );
  return writeJson({
    features: new Map(ranges),
    listener_security_protocol_map: new Map(inImmutableMapOrder(protocols)),
    endpoints: endpoints.map(formatEndpoint),
    rack,
    jmx_port: jmxPort,
    port: plain?.port ?? -1,
    host: plain?.host ?? null,
    version: 5,
    timestamp: `${timestampMs}`,
    unclean: unclean ? true : undefined,
  });
}

function onlyEndpoint(json: Fields): Endpoint {
  return {
    listener: 'PLAINTEXT',
    securityProtocol: 'PLAINTEXT',
    host: json.required('host', text),
    port: json.required('port', integer(0, MAX_PORT)),
  };
}

function endpointsOf(json: Fields, path: string): Endpoint[] {
  const protocols = protocolsOf(json);
  const place = new Place(path).at('endpoints');
  return json
    .required('endpoints', listOf(text))
    .map((endpoint, index) => parseEndpoint(endpoint, protocols, place.at(index)));
}

function protocolsOf(json: Fields): ReadonlyMap<string, SecurityProtocol> {
  const named = json.optional('listener_security_protocol_map', mapOf(securityProtocol));
  if (named === undefined) return new Map(SECURITY_PROTOCOLS.map((protocol) => [protocol, protocol]));
  return new Map(Array.from(named, ([listener, protocol]) => [listener.toUpperCase(), protocol]));
}

function versionRangeOf(range: Fields): VersionRange {
  return {
    minVersion: range.required('min_version', featureVersion),
    maxVersion: range.required('max_version', featureVersion),
  };
}
