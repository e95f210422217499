import { KafkaError } from '@barnabas/model';
import type { Codec } from '../record/batch-header.ts';

/** Bytes that do not decompress: CORRUPT_MESSAGE if they are no valid stream, MESSAGE_TOO_LARGE beyond the limit. */
export class DecompressionError extends KafkaError {
  readonly codec: Codec;
  readonly reason: string;
  constructor(error: 'CORRUPT_MESSAGE' | 'MESSAGE_TOO_LARGE', codec: Codec, reason: string, options?: ErrorOptions) {
    super(error, `${codec}: ${reason}`, options);
    this.codec = codec;
    this.reason = reason;
  }
}

/** The error for a stream that is not valid. */
export const corrupt = (codec: Codec, reason: string, cause?: unknown): DecompressionError =>
  new DecompressionError('CORRUPT_MESSAGE', codec, reason, cause === undefined ? {} : { cause });

/** The error for a stream that holds, or says that it holds, more than the caller allows. */
export const tooLarge = (codec: Codec, limitBytes: number): DecompressionError =>
  new DecompressionError('MESSAGE_TOO_LARGE', codec, `more than the ${limitBytes} bytes allowed`);
