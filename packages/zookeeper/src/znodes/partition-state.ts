/**
 * `/brokers/topics/<topic>/partitions/<partition>/state`: who leads the partition, and who is in sync. The version of the
 * znode is the partition epoch.
 *
 *   {"controller_epoch":1,"leader":1,"version":1,"leader_epoch":0,"isr":[1,2,3]}
 *
 * `leader` is -1 where there is none. After an unclean election `"leader_recovery_state":1` comes behind the version, until
 * the leader says that it has recovered. Source: Kafka's TopicPartitionStateZNode, KIP-704.
 */
import {
  type BrokerId,
  brokerId,
  type ControllerEpoch,
  controllerEpoch,
  type LeaderEpoch,
  leaderEpoch,
  type TopicPartition,
} from '@barnabas/model';
import { integer, listOf, natural, naturalOrNone } from './json/kinds.ts';
import { readJson } from './json/read-znode.ts';
import { writeJson } from './json/write-json.ts';
import { partitionsPath } from './topic-znode.ts';

export type PartitionState = {
  readonly leader: BrokerId | undefined;
  readonly leaderEpoch: LeaderEpoch;
  /** Of the controller that wrote it. */
  readonly controllerEpoch: ControllerEpoch;
  readonly isr: readonly BrokerId[];
  /** Elected from outside the ISR, and not yet recovered. */
  readonly isRecovering: boolean;
};

const NO_LEADER = -1;

/** The parent of the state; it has no data. */
export function partitionPath({ topic, partition }: TopicPartition): string {
  return `${partitionsPath(topic)}/${partition}`;
}

export function partitionStatePath(partition: TopicPartition): string {
  return `${partitionPath(partition)}/state`;
}

/** @throws MalformedZnodeError */
export function decodePartitionState(partition: TopicPartition, data: Uint8Array | null): PartitionState {
  const json = readJson(partitionStatePath(partition), data);
  const leader = json.required('leader', naturalOrNone);
  return {
    leader: leader === NO_LEADER ? undefined : brokerId(leader),
    leaderEpoch: leaderEpoch(json.required('leader_epoch', natural)),
    controllerEpoch: controllerEpoch(json.required('controller_epoch', natural)),
    isr: json.required('isr', listOf(natural)).map(brokerId),
    isRecovering: json.optional('leader_recovery_state', integer(0, 1)) === 1,
  };
}

export function encodePartitionState(state: PartitionState): Uint8Array {
  return writeJson({
    controller_epoch: state.controllerEpoch,
    leader: state.leader ?? NO_LEADER,
    version: 1,
    leader_recovery_state: state.isRecovering ? 1 : undefined,
    leader_epoch: state.leaderEpoch,
    isr: state.isr,
  });
}
