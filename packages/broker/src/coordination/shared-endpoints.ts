import { type BrokerId, KafkaError, brokerId as toBrokerId } from '@barnabas/model';
import {
  BROKER_IDS_PATH,
  brokerPath,
  decodeBrokerRegistration,
  type Endpoint,
  formatEndpoint,
  readOptional,
  untilAnswered,
  type ZooKeeperSession,
} from '@barnabas/zookeeper';

/** Another broker of the cluster is registered with an address that this one would advertise. */
export class SharedEndpointError extends KafkaError {
  constructor(endpoint: Endpoint, holder: BrokerId) {
    super(
      'INVALID_CONFIG',
      `advertised.listeners: ${formatEndpoint(endpoint)} is the address of broker ${holder} already; give each broker its own`,
    );
  }
}

/**
 * Two brokers at one address would be taken for each other. Registrations of our own earlier sessions do not count: they go.
 *
 * @throws SharedEndpointError, MalformedZnodeError, ZooKeeperError
 */
export async function refuseSharedEndpoints(
  session: ZooKeeperSession,
  id: BrokerId,
  endpoints: readonly Endpoint[],
  ownEarlierSessions: readonly bigint[],
): Promise<void> {
  const { children } = await untilAnswered(session, () => session.children(BROKER_IDS_PATH));
  const others = children.map((child) => toBrokerId(Number(child))).filter((other) => other !== id);
  for (const other of others.sort((a, b) => a - b)) {
    const found = await untilAnswered(session, () => readOptional(session, brokerPath(other)));
    if (found === undefined || ownEarlierSessions.includes(found.stat.ephemeralOwner)) continue;
    const taken = decodeBrokerRegistration(other, found.data).endpoints;
    const shared = endpoints.find(({ host, port }) => taken.some((it) => it.host === host && it.port === port));
    if (shared !== undefined) throw new SharedEndpointError(shared, other);
  }
}
