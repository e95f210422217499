/** What brokers are told of partitions and of each other, as the control requests have it. */
import { type BrokerId, type ControllerEpoch, leaderEpoch } from '@barnabas/model';
import { SECURITY_PROTOCOLS } from '@barnabas/zookeeper';
import type { Partition } from '../cluster/partition.ts';
import type { RegisteredBroker } from '../cluster/registered-broker.ts';
import type { LeaderAndIsr } from '../leader-and-isr.ts';
import type { LiveLeader, ToldBroker, ToldLeaderAndIsr, ToldMetadata, ToldStop } from './control-batch.ts';

const NO_LEADER = -1;
/** In place of a leader and its epoch: the topic is being deleted. */
const DURING_DELETE = leaderEpoch(-2);

/** undefined where the partition has no state. */
export function toldLeaderAndIsr(
  partition: Partition,
  controllerEpoch: ControllerEpoch,
  isNew: boolean,
): ToldLeaderAndIsr | undefined {
  const { topic, topicId, leaderAndIsr, assignment } = partition;
  if (leaderAndIsr === undefined) return undefined;
  const { partitionEpoch, isRecovering } = leaderAndIsr;
  const { addingReplicas, removingReplicas } = assignment;
  const common = commonState(partition, leaderAndIsr, controllerEpoch);
  const leaderRecoveryState = isRecovering ? 1 : 0;
  return {
    topic,
    topicId,
    state: { ...common, partitionEpoch, addingReplicas, removingReplicas, isNew, leaderRecoveryState },
  };
}

/** undefined where the partition has no state. @param present brokers that are registered */
export function toldMetadata(
  partition: Partition,
  controllerEpoch: ControllerEpoch,
  present: ReadonlySet<BrokerId>,
): ToldMetadata | undefined {
  const { topic, topicId, leaderAndIsr } = partition;
  if (leaderAndIsr === undefined) return undefined;
  const common = commonState(partition, leaderAndIsr, controllerEpoch);
  const offlineReplicas = offlineReplicasOf(partition, present);
  return { topic, topicId, state: { ...common, zkVersion: leaderAndIsr.partitionEpoch, offlineReplicas } };
}

/** The partition is no more, or soon will be. */
export function toldDeletion(partition: Partition, controllerEpoch: ControllerEpoch): ToldMetadata {
  const { topic, topicId, leaderAndIsr, assignment } = partition;
  return {
    topic,
    topicId,
    state: {
      partitionIndex: partition.partition,
      controllerEpoch,
      leader: DURING_DELETE,
      leaderEpoch: DURING_DELETE,
      isr: leaderAndIsr?.isr ?? [],
      zkVersion: leaderAndIsr?.partitionEpoch ?? 0,
      replicas: assignment.replicas,
      offlineReplicas: [],
    },
  };
}

/** @param isForGood the replica is to be deleted, whatever its epoch */
export function toldStop({ topic, topicId, partition, leaderAndIsr }: Partition, isForGood: boolean): ToldStop {
  const epoch = isForGood ? DURING_DELETE : (leaderAndIsr?.leaderEpoch ?? DURING_DELETE);
  return { topic, topicId, state: { partitionIndex: partition, leaderEpoch: epoch, deletePartition: isForGood } };
}

export function toldBroker({ id, endpoints, rack }: RegisteredBroker): ToldBroker {
  return {
    id,
    rack: rack ?? null,
    endpoints: endpoints.map(({ listener, host, port, securityProtocol }) => ({
      listener,
      host,
      port,
      securityProtocol: SECURITY_PROTOCOLS.indexOf(securityProtocol),
    })),
  };
}

/** undefined where it does not listen under that name. */
export function toldLeader({ id, endpoints }: RegisteredBroker, peerListener: string): LiveLeader | undefined {
  const endpoint = endpoints.find(({ listener }) => listener === peerListener);
  return endpoint === undefined ? undefined : { brokerId: id, hostName: endpoint.host, port: endpoint.port };
}

function commonState(
  { partition, assignment }: Partition,
  { leader, leaderEpoch, isr }: LeaderAndIsr,
  controllerEpoch: ControllerEpoch,
) {
  const { replicas } = assignment;
  return { partitionIndex: partition, controllerEpoch, leader: leader ?? NO_LEADER, leaderEpoch, isr, replicas };
}

function offlineReplicasOf({ assignment, failedReplicas }: Partition, present: ReadonlySet<BrokerId>) {
  return assignment.replicas.filter((id) => !present.has(id) || failedReplicas.has(id));
}
