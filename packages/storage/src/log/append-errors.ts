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
