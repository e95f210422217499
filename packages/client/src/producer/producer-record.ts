/** Bytes, or text that is written as UTF-8. JSON is text: `JSON.stringify(value)`. */
export type Content = Uint8Array | string;

export type ProducerRecord = {
  readonly topic: string;
  /** Chosen by the key where it is missing, and without a key by chance. */
  readonly partition?: number;
  readonly key?: Content | null;
  /** `null` is a tombstone: in a compacted topic it removes the key. */
  readonly value: Content | null;
  readonly headers?: readonly { readonly key: string; readonly value: Content | null }[];
  /** Milliseconds since 1970; now, where it is missing. */
  readonly timestamp?: number;
};

/** Where a record went. */
export type RecordMetadata = {
  readonly partition: number;
  /** -1 where the cluster only knows that it has the record. */
  readonly offset: number;
  readonly timestamp: number;
};

/** A record as it is sent, of one partition. Its text is well-formed. */
export type PreparedRecord = {
  readonly key: Content | null;
  readonly value: Content | null;
  readonly headers: readonly { readonly key: string; readonly value: Content | null }[];
  readonly timestamp: number;
  /** What it takes in a batch, at most. */
  readonly sizeBytes: number;
};

/** The most that lengths and the like add to the bytes of a record, and to those of a header. */
const RECORD_OVERHEAD_BYTES = 40;
const HEADER_OVERHEAD_BYTES = 10;

export function prepare(record: ProducerRecord, nowMs: number): PreparedRecord {
  const key = wellFormed(record.key ?? null);
  const value = wellFormed(record.value);
  const headers = (record.headers ?? []).map((header) => ({
    key: header.key.toWellFormed(),
    value: wellFormed(header.value),
  }));
  let sizeBytes = RECORD_OVERHEAD_BYTES + byteLength(key) + byteLength(value);
  for (const header of headers) sizeBytes += HEADER_OVERHEAD_BYTES + byteLength(header.key) + byteLength(header.value);
  return { key, value, headers, timestamp: record.timestamp ?? nowMs, sizeBytes };
}

/** Half of a surrogate pair has no bytes in UTF-8; it becomes U+FFFD, as everywhere else. */
function wellFormed(content: Content | null): Content | null {
  return typeof content === 'string' ? content.toWellFormed() : content;
}

function byteLength(content: Content | null): number {
  return content === null ? 0 : typeof content === 'string' ? Buffer.byteLength(content) : content.length;
}

export function bytesOf(content: Content): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}
