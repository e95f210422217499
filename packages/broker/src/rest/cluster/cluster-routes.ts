import type { Static } from 'typebox';
import type { ClusterBroker, ClusterImage, ClusterPartition } from '../../cluster/cluster-image.ts';
import type { Door } from '../door/door.ts';
import type { App } from '../http/app.ts';
import { FAILURES } from '../http/error-schemas.ts';
import { Brokers, Cluster } from './cluster-schemas.ts';

/** `GET /v1/brokers` and `GET /v1/cluster`: what this broker knows of its cluster; nobody else is asked. */
export const clusterRoutes = (app: App, door: Door): void => {
  app.get(
    '/v1/brokers',
    { schema: { tags: ['cluster'], summary: 'The brokers', response: { 200: Brokers, ...FAILURES } } },
    async () => brokersOf(door),
  );
  app.get(
    '/v1/cluster',
    { schema: { tags: ['cluster'], summary: 'The cluster', response: { 200: Cluster, ...FAILURES } } },
    async () => clusterOf(door),
  );
};

const brokersOf = ({ cluster: { image }, clusterId, restListener }: Door): Static<typeof Brokers> => ({
  clusterId,
  controllerId: image.controllerId ?? null,
  brokers: Array.from(image.brokers.values(), (broker) => brokerOf(broker, restListener)).sort((a, b) => a.id - b.id),
});

const brokerOf = ({ id, endpoints, rack }: ClusterBroker, restListener: string) => ({
  id,
  host: (endpoints.find(({ listener }) => listener === restListener) ?? endpoints[0])?.host ?? '',
  rack: rack ?? null,
  listeners: endpoints.map(({ listener: name, securityProtocol, host, port }) => ({
    name,
    securityProtocol,
    host,
    port,
  })),
});

const clusterOf = ({ cluster: { image }, clusterId, brokerId }: Door): Static<typeof Cluster> => {
  const partitions = partitionsOf(image);
  return {
    clusterId,
    controllerId: image.controllerId ?? null,
    brokerId,
    brokers: Array.from(image.brokers.keys()).sort((a, b) => a - b),
    topics: image.topics.size,
    partitions: partitions.length,
    partitionsWithoutLeader: partitions.filter(({ leader }) => leader === undefined).length,
    underReplicatedPartitions: partitions.filter(({ isr, replicas }) => isr.length < replicas.length).length,
  };
};

const partitionsOf = (image: ClusterImage): ClusterPartition[] =>
  Array.from(image.topics.values()).flatMap(({ partitions }) => Array.from(partitions.values()));
