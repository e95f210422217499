/** Bytes that are not what the protocol says they should be. Nothing of them has been acted on. */
export class MalformedJuteError extends Error {
  /** Byte within the frame at which the value began that is wrong. */
  readonly position: number;

  constructor(position: number, message: string) {
    super(`${message} at byte ${position}`);
    this.name = 'MalformedJuteError';
    this.position = position;
  }
}

/** A value goes on behind the last of the bytes: more of them may make it whole. */
export class CutOffJuteError extends MalformedJuteError {
  /** So many bytes, from the first on, are needed at the least. */
  readonly neededBytes: number;

  constructor(position: number, message: string, neededBytes: number) {
    super(position, message);
    this.neededBytes = neededBytes;
  }
}
