import type { BrokerRegistration, Endpoint } from '@barnabas/zookeeper';
import type { Listener, ListenerKind } from '../config/listeners.ts';

/** Kafka's protocol first: `host` and `port` of a registration, which older clients go by, are those of the first in clear text. */
const PLACES: Readonly<Record<ListenerKind, number>> = { kafka: 0, rest: 1, peers: 1 };

/**
 * What the broker says of itself in ZooKeeper.
 *
 * @param ports that are listened on, by listener; a listener without one is not open, and not told
 */
export function registrationOf(
  listeners: readonly Listener[],
  ports: ReadonlyMap<string, number>,
  about: { readonly rack: string | undefined; readonly timestampMs: number; readonly unclean: boolean },
): BrokerRegistration {
  return { ...about, endpoints: endpointsOf(listeners, ports), jmxPort: -1, features: new Map() };
}

function endpointsOf(listeners: readonly Listener[], ports: ReadonlyMap<string, number>): Endpoint[] {
  const inOrder = listeners.toSorted((one, other) => PLACES[one.kind] - PLACES[other.kind]);
  return inOrder.flatMap(({ name, securityProtocol, advertised }) => {
    const bound = ports.get(name);
    if (bound === undefined || advertised === undefined) return [];
    return [{ listener: name, securityProtocol, host: advertised.host, port: advertised.port || bound }];
  });
}
