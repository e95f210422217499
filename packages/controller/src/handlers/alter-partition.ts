/** The AlterPartition messages, as the decision takes and gives them. */
import {
  type BrokerEpoch,
  type BrokerId,
  brokerEpoch,
  brokerId,
  ERRORS,
  type ErrorName,
  leaderEpoch,
  partitionEpoch,
} from '@barnabas/model';
import { type AlterPartitionRequest, ZERO_UUID } from '@barnabas/protocol';
import type { LeaderAndIsr } from '../leader-and-isr.ts';
import type { AlterPartitionAsked, AskedPartition, TopicName } from '../state/alter-partition-request.ts';
import type { AlterPartitionAnswer } from './answers.ts';

/** From this version on topics go by their ids. */
const FIRST_WITH_TOPIC_IDS = 2;
/** From this version on members have epochs. */
const FIRST_WITH_EPOCHS = 3;
const NO_LEADER = -1;

/** What became of one partition of a request. */
export type AlteredPartition = {
  readonly asked: TopicName;
  readonly partition: number;
  readonly result: { readonly error: ErrorName } | { readonly leaderAndIsr: LeaderAndIsr };
};

/** @param registered epochs of brokers: before version 3 a member goes by the one it has now */
export function toAsked(
  request: AlterPartitionRequest,
  version: number,
  registered: ReadonlyMap<BrokerId, BrokerEpoch>,
): AlterPartitionAsked {
  const memberOf = (id: number) => ({ id: brokerId(id), epoch: registered.get(brokerId(id)) ?? brokerEpoch(-1) });
  const topics = request.topics.map(({ topicName, topicId, partitions }) => {
    const asked = version >= FIRST_WITH_TOPIC_IDS ? { topicId } : { topic: topicName };
    return { ...asked, partitions: partitions.map((partition) => toAskedPartition(partition, version, memberOf)) };
  });
  const { brokerId: id, brokerEpoch: epoch } = request;
  return { brokerId: brokerId(id), brokerEpoch: brokerEpoch(Number(epoch)), version, topics };
}

function toAskedPartition(
  partition: AlterPartitionRequest['topics'][number]['partitions'][number],
  version: number,
  memberOf: (id: number) => { readonly id: BrokerId; readonly epoch: BrokerEpoch },
): AskedPartition {
  const members = partition.newIsrWithEpochs.map((member) => {
    return { id: brokerId(member.brokerId), epoch: brokerEpoch(Number(member.brokerEpoch)) };
  });
  return {
    partition: partition.partitionIndex,
    leaderEpoch: leaderEpoch(partition.leaderEpoch),
    partitionEpoch: partitionEpoch(partition.partitionEpoch),
    isRecovering: partition.leaderRecoveryState === 1,
    isr: version >= FIRST_WITH_EPOCHS ? members : partition.newIsr.map(memberOf),
  };
}

export function alterPartitionError(error: ErrorName): AlterPartitionAnswer {
  return { throttleTimeMs: 0, errorCode: ERRORS[error].code, topics: [] };
}

/** In the order of the request. */
export function alterPartitionAnswer(altered: readonly AlteredPartition[]): AlterPartitionAnswer {
  const byTopic = Map.groupBy(altered, ({ asked }) => ('topic' in asked ? asked.topic : asked.topicId));
  const topics = Array.from(byTopic.values(), (partitions) => {
    const asked = partitions[0]?.asked ?? { topicId: ZERO_UUID };
    const name = 'topic' in asked ? { topicName: asked.topic, topicId: ZERO_UUID } : { topicId: asked.topicId };
    return { ...name, partitions: partitions.map(toResult) };
  });
  return { throttleTimeMs: 0, errorCode: ERRORS.NONE.code, topics };
}

function toResult({ partition, result }: AlteredPartition) {
  if ('error' in result) {
    const nothing = { leaderId: 0, leaderEpoch: 0, isr: [], leaderRecoveryState: 0, partitionEpoch: 0 };
    return { partitionIndex: partition, errorCode: ERRORS[result.error].code, ...nothing };
  }
  const { leader = NO_LEADER, leaderEpoch, isr, isRecovering, partitionEpoch } = result.leaderAndIsr;
  return {
    partitionIndex: partition,
    errorCode: ERRORS.NONE.code,
    leaderId: leader,
    leaderEpoch,
    isr,
    leaderRecoveryState: isRecovering ? 1 : 0,
    partitionEpoch,
  };
}
