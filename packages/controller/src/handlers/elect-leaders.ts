import { ERRORS, type ErrorName } from '@barnabas/model';
import type { ElectLeadersRequest } from '@barnabas/protocol';
import type { ElectLeadersAnswer } from './answers.ts';

/**
 * The answer to a request of which nothing, or nothing that is known, was done. Version 0 has no error for the whole, so that
 * each partition gets its own.
 */
export function electLeadersRefused(
  error: ErrorName,
  { topicPartitions }: ElectLeadersRequest,
  version: number,
): ElectLeadersAnswer {
  const { code, sentence } = ERRORS[error];
  return {
    throttleTimeMs: 0,
    errorCode: version === 0 ? ERRORS.NONE.code : code,
    replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partition) => ({
        partitionId: partition,
        errorCode: code,
        errorMessage: sentence,
      })),
    })),
  };
}
