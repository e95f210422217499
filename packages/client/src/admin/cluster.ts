import { ask, jsonOf } from '../http/ask.ts';
import type { Link } from '../http/link.ts';
import { malformed } from '../http/malformed.ts';

export type BrokerDescription = {
  readonly id: number;
  readonly host: string;
  readonly rack: string | null;
  readonly listeners: readonly ListenerDescription[];
};

export type ListenerDescription = {
  readonly name: string;
  readonly securityProtocol: string;
  readonly host: string;
  readonly port: number;
};

export type ClusterDescription = {
  readonly clusterId: string;
  /** Broker id; null where there is none. */
  readonly controllerId: number | null;
  /** Those that are up. */
  readonly brokers: readonly BrokerDescription[];
};

const TIMEOUT_MS = 30_000;

/** @throws ClientError where no server answers in time */
export async function describeCluster(link: Link): Promise<ClusterDescription> {
  const answer = jsonOf(await ask(link, { method: 'GET', path: '/v1/brokers' }, TIMEOUT_MS));
  if (!isDescription(answer)) throw malformed('GET /v1/brokers', 'refused');
  return answer;
}

function isDescription(value: unknown): value is ClusterDescription {
  return (
    typeof value === 'object' &&
    value !== null &&
    'clusterId' in value &&
    'controllerId' in value &&
    'brokers' in value &&
    Array.isArray(value.brokers)
  );
}
