import { type ERROR_CODES, type ErrorCodeName, errorNameByCode } from '../operation/error-code.ts';

/**
 * Whether a request that failed may have changed something.
 * `refused`: certainly not; the server said no, or it was never sent.
 * `unknown`: it was sent and no answer came. Read again and compare before you repeat it.
 */
export type Outcome = 'refused' | 'unknown';

/** A request, or a session, that failed. */
export class ZooKeeperError extends Error {
  /** ZooKeeper's name of the error; `UNKNOWN_CODE` where the server sent a number that is not in its table. */
  readonly code: ErrorCodeName | 'UNKNOWN_CODE';
  readonly outcome: Outcome;
  /** The znode that the request named, without the chroot. */
  readonly path: string | undefined;

  constructor(
    code: ErrorCodeName | 'UNKNOWN_CODE',
    message: string,
    { outcome = 'refused', path, cause }: { outcome?: Outcome; path?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.code = code;
    this.outcome = outcome;
    this.path = path;
  }
}

/** A transaction of which nothing was done, because the op at `index` could not be. */
export class MultiError extends ZooKeeperError {
  readonly index: number;

  constructor(index: number, code: ErrorCodeName | 'UNKNOWN_CODE', message: string, path: string | undefined) {
    super(code, message, { path });
    this.index = index;
  }
}

/** The name of what the server answered: one that the table lacks is UNKNOWN_CODE. */
export function nameOfServerCode(code: number): ErrorCodeName | 'UNKNOWN_CODE' {
  return errorNameByCode(code) ?? 'UNKNOWN_CODE';
}

/** Whether `error` is ZooKeeper's error `code`. */
export function isZooKeeperError(error: unknown, code: keyof typeof ERROR_CODES): error is ZooKeeperError {
  return error instanceof ZooKeeperError && error.code === code;
}
