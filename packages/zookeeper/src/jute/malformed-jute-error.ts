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
