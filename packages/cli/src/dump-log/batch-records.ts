import { KafkaError } from '@barnabas/model';
import {
  BATCH_HEADER_BYTES,
  baseSequenceOf,
  codecOf,
  DEFAULT_DECOMPRESSED_BYTES_MAX,
  decompress,
  recordCountOf,
  timestampTypeOf,
} from '@barnabas/protocol';
import { exactBaseOffsetOf, exactBaseTimestampOf, exactMaxTimestampOf } from './batch-line.ts';
import type { BatchView } from './batch-walk.ts';
import { RecordCursor, RecordFault } from './record-cursor.ts';

/**
 * The records of a batch, all of whose bytes are there. Those of a compressed one are read through once before, so that
 * either all of them come or none, as from Kafka's tool.
 * Throws RecordFault; KafkaError where they do not decompress, or to more than 256 MiB.
 */
export const recordsOf = (batch: BatchView): RecordCursor => {
  const { bytes, at, sizeBytes } = batch;
  if (sizeBytes < BATCH_HEADER_BYTES) throw new RecordFault(`a batch of ${sizeBytes} bytes, less than a header`, at);
  const count = recordCountOf(bytes, at);
  const codec = codecOf(bytes, at);
  if (codec === undefined) throw new KafkaError('UNSUPPORTED_COMPRESSION_TYPE', 'a batch with an unknown codec');
  // Kafka looks at nothing where there is no record: its cleaner leaves batches without a compressed stream.
  if (count === 0 || codec === 'none') return cursorOver(batch, bytes, at + BATCH_HEADER_BYTES, at + sizeBytes);
  const stored = bytes.subarray(at + BATCH_HEADER_BYTES, at + sizeBytes);
  const body = decompress(codec, stored, DEFAULT_DECOMPRESSED_BYTES_MAX);
  readThrough(cursorOver(batch, body, 0, body.length));
  return cursorOver(batch, body, 0, body.length);
};

const cursorOver = (batch: BatchView, body: Buffer, from: number, end: number): RecordCursor => {
  const { bytes, at } = batch;
  return new RecordCursor(body, from, end, recordCountOf(bytes, at), {
    offset: exactBaseOffsetOf(batch),
    timestamp: exactBaseTimestampOf(batch),
    sequence: baseSequenceOf(bytes, at),
    appendTimeMs: timestampTypeOf(bytes, at) === 'LogAppendTime' ? exactMaxTimestampOf(batch) : undefined,
  });
};

/** A place in what was decompressed says nothing to the reader of a file: that is left out. */
const readThrough = (cursor: RecordCursor): void => {
  try {
    while (cursor.next());
  } catch (cause) {
    if (!(cause instanceof RecordFault)) throw cause;
    throw new KafkaError('INVALID_RECORD', cause.message, { cause });
  }
};
