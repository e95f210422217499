/** What an UpdateMetadata request says, in whichever version it came. */
import {
  type BrokerId,
  brokerId,
  KafkaError,
  leaderEpoch as leaderEpochOf,
  partitionEpoch as partitionEpochOf,
} from '@barnabas/model';
import type { UpdateMetadataRequest } from '@barnabas/protocol';
import { type Endpoint, SECURITY_PROTOCOLS } from '@barnabas/zookeeper';
import { topicIdFromWire } from '../wire/topic-id.ts';
import type { ClusterBroker, ClusterPartition } from './cluster-image.ts';

/** The live brokers are all of them; the topics are those of which something has changed. */
export type ClusterUpdate = {
  readonly controllerId: BrokerId;
  readonly brokers: ReadonlyMap<BrokerId, ClusterBroker>;
  readonly topics: readonly TopicUpdate[];
  /** Whether these are all topics that there are. */
  readonly isFull: boolean;
};

export type TopicUpdate = {
  readonly name: string;
  /** undefined where the controller does not say. */
  readonly topicId: string | undefined;
  readonly partitions: readonly PartitionUpdate[];
};

/** `partition` is undefined for one that is being deleted. */
export type PartitionUpdate = { readonly index: number; readonly partition: ClusterPartition | undefined };

type BrokerOnWire = UpdateMetadataRequest['liveBrokers'][number];
type PartitionOnWire = UpdateMetadataRequest['ungroupedPartitionStates'][number];

/** Type of a request that names everything (KIP-866). */
const FULL = 2;
/** Leader of a partition whose topic is being deleted. */
const LEADER_DURING_DELETE = -2;

/** @throws KafkaError INVALID_REQUEST for an endpoint whose security protocol is none */
export const clusterUpdateOf = (request: UpdateMetadataRequest): ClusterUpdate => ({
  controllerId: brokerId(request.controllerId),
  brokers: new Map(request.liveBrokers.map((broker) => [brokerId(broker.id), brokerOf(broker)])),
  topics: [...ungroupedTopics(request.ungroupedPartitionStates), ...request.topicStates.map(topicOf)],
  isFull: request.type === FULL,
});

const topicOf = ({
  topicName,
  topicId,
  partitionStates,
}: UpdateMetadataRequest['topicStates'][number]): TopicUpdate => ({
  name: topicName,
  topicId: topicIdFromWire(topicId),
  partitions: partitionStates.map(partitionOf),
});

/** Until version 4 each partition says its topic by itself. */
const ungroupedTopics = (states: readonly PartitionOnWire[]): TopicUpdate[] =>
  [...Map.groupBy(states, ({ topicName }) => topicName)].map(([name, partitions]) => ({
    name,
    topicId: undefined,
    partitions: partitions.map(partitionOf),
  }));

const partitionOf = (state: PartitionOnWire): PartitionUpdate => ({
  index: state.partitionIndex,
  partition: state.leader === LEADER_DURING_DELETE ? undefined : livePartitionOf(state),
});

const livePartitionOf = (state: PartitionOnWire): ClusterPartition => ({
  leader: state.leader < 0 ? undefined : brokerId(state.leader),
  leaderEpoch: leaderEpochOf(state.leaderEpoch),
  partitionEpoch: partitionEpochOf(state.zkVersion),
  isr: state.isr.map(brokerId),
  replicas: state.replicas.map(brokerId),
  offlineReplicas: state.offlineReplicas.map(brokerId),
});

const brokerOf = ({ id, endpoints, rack, v0Host, v0Port }: BrokerOnWire): ClusterBroker => ({
  id: brokerId(id),
  // Version 0 knows one address, and that in clear text.
  endpoints: v0Host === '' ? endpoints.map(endpointOf) : [plaintext(v0Host, v0Port)],
  // Versions 0 and 1 have none, which reads as an empty one.
  rack: rack === null || rack === '' ? undefined : rack,
});

const plaintext = (host: string, port: number): Endpoint => ({
  listener: 'PLAINTEXT',
  securityProtocol: 'PLAINTEXT',
  host,
  port,
});

const endpointOf = ({ listener, host, port, securityProtocol }: BrokerOnWire['endpoints'][number]): Endpoint => {
  const protocol = SECURITY_PROTOCOLS[securityProtocol];
  if (protocol === undefined) {
    throw new KafkaError('INVALID_REQUEST', `${securityProtocol} is the number of no security protocol`);
  }
  // Until version 2 a listener is called after its security protocol.
  return { listener: listener === '' ? protocol : listener, securityProtocol: protocol, host, port };
};
