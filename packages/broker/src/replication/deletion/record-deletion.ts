import type { ErrorName, Offset, TopicPartition } from '@barnabas/model';

/** Records of one partition that are to go. */
export type RecordsToDelete = TopicPartition & {
  /** The first offset that stays. */
  readonly before: Offset | 'highWatermark';
};

/** What became of it. `lowWatermark`: what is below it is gone from all replicas; -1 where that is not known. */
export type DeletedRecords =
  | { readonly kind: 'deleted'; readonly lowWatermark: number }
  | {
      readonly kind: 'failed';
      readonly error: ErrorName;
      readonly message: string;
      readonly lowWatermark: number;
    };

/** Deletes records from the beginnings of logs, on demand. */
export interface RecordDeletion {
  /**
   * Moves the beginnings of the logs that this broker leads, and waits until those of all live replicas are there, too; in the
   * order asked. REQUEST_TIMED_OUT is answered where that takes too long, and NOT_LEADER_OR_FOLLOWER where the broker ceases to
   * lead meanwhile: the leader has deleted them then, and the others do as they hear of it.
   */
  deleteRecords(
    asked: readonly RecordsToDelete[],
    options: { readonly timeoutMs: number; readonly signal: AbortSignal },
  ): Promise<readonly DeletedRecords[]>;
}
