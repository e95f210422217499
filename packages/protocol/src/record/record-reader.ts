import { offset } from '@barnabas/model';
import { advanceSequence } from './batch-header.ts';
import { decodeHeaderKey } from './header-key.ts';
import type { LogRecord, RecordHeader } from './record.ts';
import { type ByteCursor, readVarint, readVarlong } from './varint.ts';

/** What the records of a batch count from. */
export type RecordBase = {
  readonly baseOffset: number;
  readonly baseTimestamp: number;
  readonly baseSequence: number;
  /** The one timestamp of all records, where the log's append time counts. */
  readonly appendTimeMs: number | undefined;
};

/** The least that a record takes: six bytes after its length. */
export const MIN_RECORD_BYTES = 7;

/** What is wrong with a record; the reader of the batch makes a BatchError of it. */
export class MalformedRecordError extends Error {
  override readonly name = 'MalformedRecordError';
}

const readBytes = (cursor: ByteCursor, what: string): Buffer | null => {
  const length = readVarint(cursor);
  if (length === -1) return null;
  if (length < -1 || length > cursor.end - cursor.at) {
    throw new MalformedRecordError(`${what} of ${length} bytes where ${cursor.end - cursor.at} remain`);
  }
  const from = cursor.at;
  cursor.at += length;
  return cursor.bytes.subarray(from, cursor.at);
};

const NO_HEADERS: readonly RecordHeader[] = Object.freeze([]);

const readHeaders = (cursor: ByteCursor): readonly RecordHeader[] => {
  const count = readVarint(cursor);
  if (count === 0) return NO_HEADERS;
  if (count < 0) throw new MalformedRecordError(`${count} headers`);
  const headers: RecordHeader[] = [];
  for (let i = 0; i < count; i++) {
    const key = readBytes(cursor, 'header key');
    if (key === null) throw new MalformedRecordError('a header without a key');
    headers.push({ key: decodeHeaderKey(key), value: readBytes(cursor, 'header value') });
  }
  return headers;
};

/**
 * Reads the record at the cursor and leaves the cursor behind it. Key, value and header values are views of the
 * cursor's bytes. Throws MalformedRecordError or VarintError.
 */
export const readRecord = (cursor: ByteCursor, base: RecordBase): LogRecord => {
  const length = readVarint(cursor);
  const batchEnd = cursor.end;
  if (length < MIN_RECORD_BYTES - 1 || length > batchEnd - cursor.at) {
    throw new MalformedRecordError(`record of ${length} bytes where ${batchEnd - cursor.at} remain`);
  }
  cursor.end = cursor.at + length;
  cursor.at += 1;
  const timestampDelta = readVarlong(cursor);
  const offsetDelta = readVarint(cursor);
  const record: LogRecord = {
    offset: offset(base.baseOffset + offsetDelta),
    timestamp: base.appendTimeMs ?? base.baseTimestamp + timestampDelta,
    sequence: base.baseSequence < 0 ? -1 : advanceSequence(base.baseSequence, offsetDelta),
    key: readBytes(cursor, 'key'),
    value: readBytes(cursor, 'value'),
    headers: readHeaders(cursor),
  };
  if (cursor.at !== cursor.end)
    throw new MalformedRecordError(`${cursor.end - cursor.at} bytes too many in the record`);
  cursor.end = batchEnd;
  return record;
};
