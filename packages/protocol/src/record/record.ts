/**
 * One record of a batch, magic 2. All integers are zig-zag varints but the attributes:
 *
 *   length of what follows | attributes int8 (unused, 0) | timestampDelta varlong | offsetDelta varint
 *   | keyLength, -1 null | key | valueLength, -1 null | value
 *   | headerCount | for each header: keyLength | key (UTF-8) | valueLength, -1 null | value
 */
import type { Offset } from '@barnabas/model';

/** A header of a record. Keys that are not UTF-8 come with their odd bytes as lone surrogates, see header-key.ts. */
export type RecordHeader = { readonly key: string; readonly value: Buffer | null };

/** A record as it is read: with the offset and the timestamp (epoch ms) that its batch gives it. */
export type LogRecord = {
  readonly offset: Offset;
  readonly timestamp: number;
  /** Sequence number; -1 where the batch has none. */
  readonly sequence: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
};

/** What a record itself holds, without what comes from its batch. */
export type RecordContent = {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: readonly RecordHeader[];
};
