import { KafkaError } from '@barnabas/model';

/** Where in a file it went wrong: a line, from 1, of a text file; a byte, from 0, of a binary one. */
export type FilePosition = { readonly line: number } | { readonly byte: number };

/** A file beside the log cannot be what was written. Nothing was changed; the caller decides what can be done without. */
export class MalformedFileError extends KafkaError {
  readonly file: string;
  readonly position: FilePosition;
  readonly reason: string;

  constructor(file: string, position: FilePosition, reason: string, options?: ErrorOptions) {
    const place = 'line' in position ? `line ${position.line}` : `byte ${position.byte}`;
    super('KAFKA_STORAGE_ERROR', `${file} is malformed at ${place}: ${reason}`, options);
    this.file = file;
    this.position = position;
    this.reason = reason;
  }
}
