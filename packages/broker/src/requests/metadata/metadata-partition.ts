import { type BrokerId, ERRORS, type ErrorName } from '@barnabas/model';
import type { InputOf, MetadataResponse } from '@barnabas/protocol';
import type { Endpoint } from '@barnabas/zookeeper';
import type { ClusterImage, ClusterPartition } from '../../cluster/cluster-image.ts';
import { NO_BROKER } from '../node-endpoints.ts';

export type MetadataTopic = InputOf<typeof MetadataResponse>['topics'][number];
type MetadataPartition = MetadataTopic['partitions'][number];

/** What an answer is made from. */
export type Seen = {
  readonly image: ClusterImage;
  /** Where the client can reach the brokers. */
  readonly endpoints: ReadonlyMap<BrokerId, Endpoint>;
  readonly version: number;
};

/** Version 0 leaves out the replicas that cannot be reached, and has an error where there are some. */
const NAMES_ALL_REPLICAS_FROM = 1;
/** From here on a leader without the listener that was asked through has an error of its own. */
const LISTENER_NOT_FOUND_FROM = 6;

/** One partition as the client is told of it. */
export function metadataPartition(seen: Seen, index: number, partition: ClusterPartition): MetadataPartition {
  const { endpoints, version } = seen;
  const named = (ids: readonly BrokerId[]) =>
    version >= NAMES_ALL_REPLICAS_FROM ? ids : ids.filter((id) => endpoints.has(id));
  const { leader, leaderEpoch, replicas, isr, offlineReplicas } = partition;
  const replicaNodes = named(replicas);
  const isrNodes = named(isr);
  const isComplete = replicaNodes.length === replicas.length && isrNodes.length === isr.length;
  const error = leaderError(seen, leader) ?? (isComplete ? 'NONE' : 'REPLICA_NOT_AVAILABLE');
  return {
    errorCode: ERRORS[error].code,
    partitionIndex: index,
    leaderId: leader !== undefined && endpoints.has(leader) ? leader : NO_BROKER,
    leaderEpoch,
    replicaNodes,
    isrNodes,
    offlineReplicas,
  };
}

/** undefined where the leader can be reached. */
function leaderError({ image, endpoints, version }: Seen, leader: BrokerId | undefined): ErrorName | undefined {
  if (leader !== undefined && endpoints.has(leader)) return undefined;
  const isAlive = leader !== undefined && image.brokers.has(leader);
  return isAlive && version >= LISTENER_NOT_FOUND_FROM ? 'LISTENER_NOT_FOUND' : 'LEADER_NOT_AVAILABLE';
}
