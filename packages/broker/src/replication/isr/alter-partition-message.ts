/**
 * AlterPartition version 3: proposals of one broker, by topic id, and what became of each. In a request each member of an
 * ISR is named with the broker epoch of its own fetch (rule 1).
 */
import {
  type BrokerEpoch,
  type BrokerId,
  brokerId,
  type ErrorName,
  errorByCode,
  leaderEpoch,
  partitionEpoch,
} from '@barnabas/model';
import type { AlterPartitionResponse } from '@barnabas/protocol';
import type { PeerRequest } from '@barnabas/transport';
import type { IsrAnswer, IsrProposal } from '../partition/isr-state.ts';

export const ALTER_PARTITION_VERSION = 3;

const RECOVERED = 0;

/** By topic id and partition. */
export const proposalKey = (topicId: string, partition: number): string => `${topicId}:${partition}`;

export function alterPartitionRequest(
  proposals: Iterable<IsrProposal>,
  localId: BrokerId,
  ownEpoch: BrokerEpoch,
): PeerRequest<'AlterPartition'> {
  const topics = new Map<string, PeerRequest<'AlterPartition'>['topics'][number]['partitions'][number][]>();
  for (const { topicId, topicPartition, leaderEpoch, partitionEpoch, isr } of proposals) {
    const partitions = topics.get(topicId) ?? [];
    topics.set(topicId, partitions);
    partitions.push({
      partitionIndex: topicPartition.partition,
      leaderEpoch,
      partitionEpoch,
      newIsrWithEpochs: isr.map((member) => ({
        brokerId: member.id,
        brokerEpoch: BigInt(member.id === localId ? ownEpoch : member.epoch),
      })),
      leaderRecoveryState: RECOVERED,
    });
  }
  return {
    brokerId: localId,
    brokerEpoch: BigInt(ownEpoch),
    topics: Array.from(topics, ([topicId, partitions]) => ({ topicId, partitions })),
  };
}

type PartitionResult = AlterPartitionResponse['topics'][number]['partitions'][number];

/** By `proposalKey`; undefined where the proposal has to be made again: the controller did not decide. */
export function answersOf({ topics }: AlterPartitionResponse): Map<string, IsrAnswer | undefined> {
  const answers = new Map<string, IsrAnswer | undefined>();
  for (const { topicId, partitions } of topics) {
    for (const result of partitions) answers.set(proposalKey(topicId, result.partitionIndex), answerOf(result));
  }
  return answers;
}

function answerOf(result: PartitionResult): IsrAnswer | undefined {
  const error: ErrorName = errorByCode(result.errorCode).name;
  switch (error) {
    case 'NONE':
      return {
        kind: 'accepted',
        leaderEpoch: leaderEpoch(result.leaderEpoch),
        isr: result.isr.map(brokerId),
        partitionEpoch: partitionEpoch(result.partitionEpoch),
      };
    case 'INELIGIBLE_REPLICA':
    case 'OPERATION_NOT_ATTEMPTED':
      return { kind: 'ineligible' };
    case 'FENCED_LEADER_EPOCH':
    case 'INVALID_UPDATE_VERSION':
    case 'INVALID_REQUEST':
    case 'NEW_LEADER_ELECTED':
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'UNKNOWN_TOPIC_ID':
      return { kind: 'outOfDate' };
    default:
      return undefined;
  }
}
