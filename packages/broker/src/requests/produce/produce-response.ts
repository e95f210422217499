import { ERRORS, type ErrorName } from '@barnabas/model';
import type { InputOf, ProduceRequest, ProduceResponse } from '@barnabas/protocol';
import type { ClusterImage } from '../../cluster/cluster-image.ts';
import type { ProduceResult } from '../../replication/replicas.ts';
import { int64ToWire } from '../../wire/wire-numbers.ts';
import type { Answer } from '../answered.ts';
import { NO_BROKER, type NodeEndpoint, nodeEndpoints } from '../node-endpoints.ts';

type PartitionAnswer = InputOf<typeof ProduceResponse>['responses'][number]['partitionResponses'][number];
type CurrentLeader = { readonly leaderId: number; readonly leaderEpoch: number };

/** Of a batch that was lost sight of. */
export const NO_RESULT: ProduceResult = {
  kind: 'failed',
  error: 'UNKNOWN_SERVER_ERROR',
  message: 'nothing is known of what became of the batch',
  appended: true,
};

/** Who is told that a broker leads no longer is told who does (KIP-951). */
const CURRENT_LEADER_FROM = 10;

/** @param results one for each partition of the request, in its order */
export function produceResponse(
  { topicData }: ProduceRequest,
  results: readonly ProduceResult[],
  image: ClusterImage,
  listener: string,
  version: number,
): Answer<'Produce'> {
  const leaders: CurrentLeader[] = [];
  const remaining = results.values();
  const responses = topicData.map(({ name, partitionData }) => ({
    name,
    partitionResponses: partitionData.map(({ index }) => {
      const answer = partitionAnswer(index, remaining.next().value ?? NO_RESULT);
      const moved = version >= CURRENT_LEADER_FROM && answer.errorCode === ERRORS.NOT_LEADER_OR_FOLLOWER.code;
      if (!moved) return answer;
      const currentLeader = leaderOf(image, name, index);
      leaders.push(currentLeader);
      return { ...answer, currentLeader };
    }),
  }));
  return { responses, throttleTimeMs: 0, nodeEndpoints: endpointsOf(leaders, image, listener) };
}

/** After these it is not known whether a batch is in the log; every other error says that it is not. */
const DOUBTFUL: ReadonlySet<ErrorName> = new Set([
  'REQUEST_TIMED_OUT',
  'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  'KAFKA_STORAGE_ERROR',
  'UNKNOWN_SERVER_ERROR',
]);

/** Who hears NOT_LEADER_OR_FOLLOWER sends the batch again, and then it would be there twice (rule 7; Kafka says so all the same). */
const errorOf = ({ error, appended }: Extract<ProduceResult, { kind: 'failed' }>): ErrorName =>
  appended && !DOUBTFUL.has(error) ? 'REQUEST_TIMED_OUT' : error;

function partitionAnswer(index: number, result: ProduceResult): PartitionAnswer {
  if (result.kind === 'failed') return failed(index, errorOf(result), result.message);
  const { baseOffset, logAppendTimeMs, logStartOffset } = result;
  return {
    index,
    errorCode: ERRORS.NONE.code,
    baseOffset: int64ToWire(baseOffset),
    logAppendTimeMs: int64ToWire(logAppendTimeMs),
    logStartOffset: int64ToWire(logStartOffset),
    recordErrors: [],
  };
}

const failed = (index: number, error: ErrorName, errorMessage: string): PartitionAnswer => ({
  index,
  errorCode: ERRORS[error].code,
  baseOffset: -1n,
  recordErrors: [],
  errorMessage,
});

const leaderOf = (image: ClusterImage, topic: string, index: number): CurrentLeader => {
  const partition = image.topics.get(topic)?.partitions.get(index);
  return { leaderId: partition?.leader ?? NO_BROKER, leaderEpoch: partition?.leaderEpoch ?? -1 };
};

const endpointsOf = (leaders: readonly CurrentLeader[], image: ClusterImage, listener: string): NodeEndpoint[] => {
  const ids: ReadonlySet<number> = new Set(leaders.map(({ leaderId }) => leaderId));
  return ids.size === 0 ? [] : nodeEndpoints(image, listener).filter(({ nodeId }) => ids.has(nodeId));
};
