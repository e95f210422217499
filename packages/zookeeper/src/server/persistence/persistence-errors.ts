/** The data directory is in use. */
export class DataDirLockedError extends Error {
  readonly dataDir: string;
  /** The process that uses it; undefined where it did not say. */
  readonly holderPid: number | undefined;

  constructor(dataDir: string, holderPid: number | undefined) {
    super(`${dataDir} is in use by ${holderPid === undefined ? 'another process' : `process ${holderPid}`}`);
    this.name = 'DataDirLockedError';
    this.dataDir = dataDir;
    this.holderPid = holderPid;
  }
}

/**
 * Something that was acknowledged is missing from the data directory, or may be, or cannot be read. Nothing in it has
 * been changed.
 */
export class DamagedDataDirError extends Error {
  readonly file: string;
  /** Byte of the file where it is; undefined where the file is wrong as a whole. */
  readonly position: number | undefined;

  constructor(file: string, position: number | undefined, problem: string, options?: ErrorOptions) {
    super(`${file}${position === undefined ? '' : ` at byte ${position}`}: ${problem}`, options);
    this.name = 'DamagedDataDirError';
    this.file = file;
    this.position = position;
  }
}

/** A write or a flush of the transaction log has failed: nothing that came after is on the disk. */
export class TxnLogFailedError extends Error {
  constructor(cause: unknown) {
    super(`The transaction log cannot be written: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.name = 'TxnLogFailedError';
  }
}
