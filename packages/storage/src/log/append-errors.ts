import { KafkaError, type Offset } from '@barnabas/model';

/** A leader sent batches whose offsets do not follow the log's end. */
export class NonMonotonicOffsetError extends KafkaError {
  /** Byte of the batch in what was to be appended. */
  readonly position: number;

  constructor(log: string, expected: Offset, found: Offset, position: number) {
    super(
      'CORRUPT_MESSAGE',
      `${log}: the batch at byte ${position} begins at offset ${found}; the log ends at ${expected}`,
    );
    this.position = position;
  }
}

/**
 * A leader's next batch is farther from the log's end than the index of a segment reaches. Nothing that compaction leaves
 * out is so much: the follower has to begin anew where the leader's log begins.
 */
export class OffsetGapError extends KafkaError {
  constructor(log: string, end: Offset, last: Offset) {
    super('OFFSET_OUT_OF_RANGE', `${log} ends at ${end}; a batch that ends at ${last} is more than 2^31 away`);
  }
}

/** The log has come to the last offset that a number holds exactly, 2^53 - 1. */
export class OffsetLimitError extends KafkaError {
  constructor(log: string, base: Offset, lastOffsetDelta: number) {
    super(
      'INVALID_RECORD',
      `${log}: a batch from offset ${base} to ${base} + ${lastOffsetDelta} would end beyond 2^53`,
    );
  }
}

/** A batch was to begin where the log does not end. Nothing has been appended. */
export class UnexpectedOffsetError extends KafkaError {
  constructor(log: string, end: Offset, expected: Offset) {
    super('OFFSET_OUT_OF_RANGE', `${log}: the next offset is ${end}, not ${expected}`);
  }
}

/** Also the offset after the batch has to be exact: it is the log's end. @throws OffsetLimitError */
export const throwIfBeyondLimit = (log: string, base: Offset, lastOffsetDelta: number): void => {
  if (!Number.isSafeInteger(base + lastOffsetDelta + 1)) throw new OffsetLimitError(log, base, lastOffsetDelta);
};
