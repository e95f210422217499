import { type ErrorName, KafkaError } from '@barnabas/model';

/**
 * A record batch that is refused. `position` is where the batch begins in the buffer that was read; `reason` says what
 * is wrong with it. Which error it is says whose fault it was:
 *
 *   CORRUPT_MESSAGE                 the bytes are not what their writer wrote, or not all of them
 *   INVALID_RECORD                  they are, but the writer broke the format's rules
 *   INVALID_TIMESTAMP               likewise, and it was about time
 *   UNSUPPORTED_FOR_MESSAGE_FORMAT  a format older or newer than magic 2
 *   UNSUPPORTED_COMPRESSION_TYPE    a codec number that names none
 *   MESSAGE_TOO_LARGE               the records decompress to more than the caller allows
 */
export class BatchError extends KafkaError {
  readonly position: number;
  readonly reason: string;
  constructor(error: ErrorName, reason: string, position: number, options?: ErrorOptions) {
    super(error, `record batch at byte ${position}: ${reason}`, options);
    this.position = position;
    this.reason = reason;
  }
}

/** A batch whose bytes cannot be what was written: a bad length or checksum, or fields no writer makes. */
export class CorruptBatchError extends BatchError {
  constructor(reason: string, position: number, options?: ErrorOptions) {
    super('CORRUPT_MESSAGE', reason, position, options);
  }
}
