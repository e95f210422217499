import { ERRORS, type ErrorName, leaderEpoch, type TopicPartition } from '@barnabas/model';
import type { OffsetForLeaderEpochRequest } from '@barnabas/protocol';
import type { PeerHandler } from '@barnabas/transport';
import type { Logger } from '../../logger.ts';
import type { EpochEnd, Replicas } from '../../replication/replicas.ts';
import { int64ToWire, leaderEpochFromWire } from '../../wire/wire-numbers.ts';
import { type Answer, answered } from '../answered.ts';

export type OffsetForLeaderEpochHandlerOptions = {
  readonly replicas: Pick<Replicas, 'endOffsetForEpoch'>;
  readonly log: Logger;
};

type AskedPartition = OffsetForLeaderEpochRequest['topics'][number]['partitions'][number];
type PartitionAnswer = Answer<'OffsetForLeaderEpoch'>['topics'][number]['partitions'][number];

/** OffsetForLeaderEpoch, versions 0 to 4: where an epoch ends in the leader's log; -1 where that is not known (KIP-101). */
export const offsetForLeaderEpochHandler = ({
  replicas,
  log,
}: OffsetForLeaderEpochHandlerOptions): PeerHandler<'OffsetForLeaderEpoch'> =>
  answered(
    'OffsetForLeaderEpoch',
    log,
    (request) =>
      eachPartition(request, (at, asked) => {
        const epochs = {
          leaderEpoch: leaderEpoch(asked.leaderEpoch),
          currentLeaderEpoch: leaderEpochFromWire(asked.currentLeaderEpoch),
        };
        return answerOf(asked, replicas.endOffsetForEpoch({ ...at, ...epochs }));
      }),
    ({ error }, request) => eachPartition(request, (_, asked) => failed(asked, error)),
  );

const eachPartition = (
  { topics }: OffsetForLeaderEpochRequest,
  answer: (at: TopicPartition, asked: AskedPartition) => PartitionAnswer,
): Answer<'OffsetForLeaderEpoch'> => ({
  throttleTimeMs: 0,
  topics: topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((asked) => answer({ topic, partition: asked.partition }, asked)),
  })),
});

const answerOf = (asked: AskedPartition, end: EpochEnd): PartitionAnswer => {
  switch (end.kind) {
    case 'found':
      return {
        partition: asked.partition,
        errorCode: ERRORS.NONE.code,
        leaderEpoch: end.leaderEpoch,
        endOffset: int64ToWire(end.endOffset),
      };
    case 'undefined':
      return failed(asked, 'NONE');
    case 'failed':
      return failed(asked, end.error);
  }
};

const failed = ({ partition }: AskedPartition, error: ErrorName): PartitionAnswer => ({
  partition,
  errorCode: ERRORS[error].code,
  leaderEpoch: -1,
  endOffset: -1n,
});
