import type { ErrorName } from '@barnabas/model';

/** What a client is told where the log answers this; other errors as they are. Source: Kafka's GroupMetadataManager. */
const COORDINATOR_ERRORS: Partial<Record<ErrorName, ErrorName>> = {
  UNKNOWN_TOPIC_OR_PARTITION: 'COORDINATOR_NOT_AVAILABLE',
  NOT_ENOUGH_REPLICAS: 'COORDINATOR_NOT_AVAILABLE',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'COORDINATOR_NOT_AVAILABLE',
  NOT_LEADER_OR_FOLLOWER: 'NOT_COORDINATOR',
  KAFKA_STORAGE_ERROR: 'NOT_COORDINATOR',
};

const TOO_LARGE: readonly ErrorName[] = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_FETCH_SIZE'];

/** Of a write of offsets. */
export const offsetWriteError = (error: ErrorName): ErrorName =>
  TOO_LARGE.includes(error) ? 'INVALID_COMMIT_OFFSET_SIZE' : (COORDINATOR_ERRORS[error] ?? error);

/** Of a write of a group; where nobody knows whether it happened, the members begin anew. */
export const groupWriteError = (error: ErrorName): ErrorName => {
  if (TOO_LARGE.includes(error)) return 'UNKNOWN_SERVER_ERROR';
  if (error === 'REQUEST_TIMED_OUT') return 'REBALANCE_IN_PROGRESS';
  return COORDINATOR_ERRORS[error] ?? error;
};

/** Of a write that deletes; REQUEST_TIMED_OUT stays, since it may have happened. */
export const deletionWriteError = (error: ErrorName): ErrorName =>
  TOO_LARGE.includes(error) ? 'UNKNOWN_SERVER_ERROR' : (COORDINATOR_ERRORS[error] ?? error);
