import { KafkaError, type Offset } from '@barnabas/model';
import { MalformedFileError } from './malformed-file-error.ts';

/**
 * A log holds bytes that cannot be what was written, below the last flush that is known to be complete. Nothing was
 * cut or changed: the replica has to be set aside and fetched again, or an operator accepts the cut.
 */
export class CorruptLogError extends KafkaError {
  readonly file: string;
  readonly position: number;
  readonly reason: string;

  constructor(file: string, position: number, reason: string, options?: ErrorOptions) {
    super('KAFKA_STORAGE_ERROR', `${file} is corrupt at byte ${position}: ${reason}`, options);
    this.file = file;
    this.position = position;
    this.reason = reason;
  }
}

/**
 * A write, a read or a flush failed, and with it the log directory: what its files hold is no longer known, so that
 * nothing more is written to it or acknowledged from it until it is opened anew.
 */
export class LogDirFailedError extends KafkaError {
  readonly dir: string;
  /** The system's code, such as EIO or ENOSPC, where it gave one. */
  readonly systemCode: string | undefined;

  constructor(dir: string, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super('KAFKA_STORAGE_ERROR', `log directory ${dir} has failed and is offline: ${message}`, { cause });
    this.dir = dir;
    this.systemCode = systemCodeOf(cause);
  }
}

/** An operation on one file failed; what the system said is the cause. */
export class FileOperationError extends KafkaError {
  readonly file: string;
  readonly position: number;
  readonly code: string | undefined;

  constructor(operation: string, file: string, position: number, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super('KAFKA_STORAGE_ERROR', `${operation} of ${file} at byte ${position} failed: ${message}`, { cause });
    this.file = file;
    this.position = position;
    this.code = systemCodeOf(cause);
  }
}

/** The offset asked for is not between the log start and the log end. */
export class OffsetOutOfRangeError extends KafkaError {
  constructor(log: string, asked: Offset, start: Offset, end: Offset) {
    super('OFFSET_OUT_OF_RANGE', `${log} holds offsets ${start} to ${end}; ${asked} was asked for`);
  }
}

/** The log has been closed, or is being deleted: it is no longer here to be written to or read. */
export class LogClosedError extends KafkaError {
  constructor(log: string) {
    super('NOT_LEADER_OR_FOLLOWER', `${log} has been closed`);
  }
}

/** A segment was removed, or its log closed, while somebody was about to read it. */
export class SegmentReleasedError extends KafkaError {
  constructor(file: string) {
    super('KAFKA_STORAGE_ERROR', `${file} is no longer part of its log`);
  }
}

/** What makes one log unusable, while the others in its directory go on. */
export type LogDamage = CorruptLogError | MalformedFileError;

export const isLogDamage = (error: unknown): error is LogDamage =>
  error instanceof CorruptLogError || error instanceof MalformedFileError;

/** The `code` of a system error. */
export const systemCodeOf = (error: unknown): string | undefined => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
};
