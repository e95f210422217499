import { encodeHeaderKey } from './header-key.ts';
import type { RecordContent } from './record.ts';
import { sizeOfVarint, sizeOfVarlong, writeVarint, writeVarlong } from './varint.ts';

const sizeOfBytes = (bytes: Buffer | null): number => (bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length);

const writeBytes = (target: Buffer, bytes: Buffer | null, at: number): number => {
  if (bytes === null) return writeVarint(target, -1, at);
  const from = writeVarint(target, bytes.length, at);
  bytes.copy(target, from);
  return from + bytes.length;
};

/** A record with its place in the batch and everything measured, ready to be written. */
export type MeasuredRecord = {
  readonly content: RecordContent;
  readonly timestampDelta: number;
  readonly offsetDelta: number;
  readonly headerKeys: readonly Buffer[];
  /** Bytes after the length field. */
  readonly bodyBytes: number;
  /** Bytes with it. */
  readonly sizeBytes: number;
};

export const measureRecord = (content: RecordContent, timestampDelta: number, offsetDelta: number): MeasuredRecord => {
  const headers = content.headers ?? [];
  const headerKeys = headers.map((header) => encodeHeaderKey(header.key));
  let bodyBytes = 1 + sizeOfVarlong(timestampDelta) + sizeOfVarint(offsetDelta) + sizeOfVarint(headers.length);
  bodyBytes += sizeOfBytes(content.key) + sizeOfBytes(content.value);
  for (const key of headerKeys) bodyBytes += sizeOfBytes(key);
  for (const header of headers) bodyBytes += sizeOfBytes(header.value);
  return {
    content,
    timestampDelta,
    offsetDelta,
    headerKeys,
    bodyBytes,
    sizeBytes: sizeOfVarint(bodyBytes) + bodyBytes,
  };
};

/** Writes the record at `at`, which has room for its `sizeBytes`; returns the position after it. */
export const writeRecord = (target: Buffer, record: MeasuredRecord, at: number): number => {
  const headers = record.content.headers ?? [];
  let next = writeVarint(target, record.bodyBytes, at);
  next = target.writeInt8(0, next);
  next = writeVarlong(target, record.timestampDelta, next);
  next = writeVarint(target, record.offsetDelta, next);
  next = writeBytes(target, record.content.key, next);
  next = writeBytes(target, record.content.value, next);
  next = writeVarint(target, headers.length, next);
  record.headerKeys.forEach((key, i) => {
    next = writeBytes(target, key, next);
    next = writeBytes(target, headers[i]?.value ?? null, next);
  });
  return next;
};
