/**
 * What the controller tells the replicas. Versions that lack what fences a request off from an earlier life of its topic or
 * partition are not served: LeaderAndIsr has topic ids from version 5 on (rule 10), StopReplica leader epochs from 3 on.
 */
import { ERRORS, KafkaError } from '@barnabas/model';
import type { PeerHandler } from '@barnabas/transport';
import type { Logger } from '../logger.ts';
import type { Replicas } from '../replication/replicas.ts';
import { answered } from './answered.ts';

export type ReplicaControlHandlersOptions = {
  readonly replicas: Pick<Replicas, 'leaderAndIsr' | 'stopReplica'>;
  readonly log: Logger;
};

const FIRST_LEADER_AND_ISR = 5;
const FIRST_STOP_REPLICA = 3;

export const leaderAndIsrHandler = ({ replicas, log }: ReplicaControlHandlersOptions): PeerHandler<'LeaderAndIsr'> =>
  answered(
    'LeaderAndIsr',
    log,
    (request, { version }) => {
      checkVersion('LeaderAndIsr', version, FIRST_LEADER_AND_ISR);
      return replicas.leaderAndIsr(request);
    },
    ({ error }, { topicStates }, { version }) => {
      const errorCode = ERRORS[error].code;
      if (version < FIRST_LEADER_AND_ISR) return { errorCode };
      const topics = topicStates.map(({ topicId, partitionStates }) => ({
        topicId,
        partitionErrors: partitionStates.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
      }));
      return { errorCode, topics };
    },
  );

export const stopReplicaHandler = ({ replicas, log }: ReplicaControlHandlersOptions): PeerHandler<'StopReplica'> =>
  answered(
    'StopReplica',
    log,
    (request, { version }) => {
      checkVersion('StopReplica', version, FIRST_STOP_REPLICA);
      return replicas.stopReplica(request);
    },
    ({ error }, { topicStates }) => {
      const errorCode = ERRORS[error].code;
      const partitionErrors = topicStates.flatMap(({ topicName, partitionStates }) =>
        partitionStates.map(({ partitionIndex }) => ({ topicName, partitionIndex, errorCode })),
      );
      return { errorCode, partitionErrors };
    },
  );

const checkVersion = (api: string, version: number, first: number): void => {
  if (version >= first) return;
  throw new KafkaError('UNSUPPORTED_VERSION', `${api} is served from version ${first} on, not ${version}`);
};
