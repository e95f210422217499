/**
 * `.snapshot`: what a partition knows of its producers up to, but without, the offset in the file's name. Big-endian:
 *
 *   0 version int16 (1)    2 crc uint32 (CRC-32C of byte 6 to the end)    6 count int32    10 entries of 46 bytes
 *
 *    0 producerId int64       14 lastOffset int64 (-1)      34 coordinatorEpoch int32 (-1)
 *    8 producerEpoch int16    22 offsetDelta int32 (0)      38 currentTxnFirstOffset int64 (-1)
 *   10 lastSequence int32     26 timestamp int64
 *
 * In brackets: where there is none. lastSequence, lastOffset and offsetDelta are those of the last batch.
 *
 * Source: Kafka's ProducerStateManager.
 */
import { type Offset, offset, type ProducerId, producerId } from '@barnabas/model';
import { crc32c, readInt64, writeInt64 } from '@barnabas/protocol';
import { MalformedFileError } from '../malformed-file-error.ts';
import { NO_SEQUENCE } from './sequence.ts';

export type ProducerSnapshotEntry = {
  readonly producerId: ProducerId;
  readonly producerEpoch: number;
  /** Undefined where the epoch began with a transaction marker and has no data yet. */
  readonly lastBatch:
    | { readonly lastSequence: number; readonly lastOffset: Offset; readonly offsetDelta: number }
    | undefined;
  /** Of the last batch or marker, milliseconds since 1970. */
  readonly timestamp: number;
  readonly coordinatorEpoch: number;
  /** Where the open transaction begins. */
  readonly currentTxnFirstOffset: Offset | undefined;
};

const VERSION = 1;
const CRC_AT = 2;
const COUNT_AT = 6;
const HEADER_BYTES = 10;
const ENTRY_BYTES = 46;

const NONE = -1;
/** The largest double that fits an int64. */
const MAX_INT64 = 2 ** 63 - 1024;

/** The file's bytes, the entries in the order given. */
export function encodeProducerSnapshot(entries: readonly ProducerSnapshotEntry[]): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES + entries.length * ENTRY_BYTES);
  bytes.writeInt16BE(VERSION, 0);
  bytes.writeInt32BE(entries.length, COUNT_AT);
  entries.forEach((entry, index) => {
    encodeEntry(bytes, HEADER_BYTES + index * ENTRY_BYTES, entry);
  });
  bytes.writeUInt32BE(crc32c(bytes.subarray(COUNT_AT)), CRC_AT);
  return bytes;
}

/**
 * The entries in the file's order. The log can do without a snapshot that is refused: an older one and the batches since
 * then give the same state.
 *
 * @throws MalformedFileError for an unknown version, a wrong checksum or size, numbers that cannot be
 */
export function decodeProducerSnapshot(bytes: Buffer, file: string): ProducerSnapshotEntry[] {
  if (bytes.length < HEADER_BYTES) {
    throw new MalformedFileError(file, { byte: bytes.length }, `${bytes.length} bytes are less than a header`);
  }
  const version = bytes.readInt16BE(0);
  if (version !== VERSION) throw new MalformedFileError(file, { byte: 0 }, `the version is ${version}, 1 is known`);
  const [stored, computed] = [bytes.readUInt32BE(CRC_AT), crc32c(bytes.subarray(COUNT_AT))];
  if (stored !== computed) {
    throw new MalformedFileError(file, { byte: CRC_AT }, `the checksum is ${stored}, that of the bytes ${computed}`);
  }
  const count = bytes.readInt32BE(COUNT_AT);
  if (bytes.length !== HEADER_BYTES + count * ENTRY_BYTES) {
    throw new MalformedFileError(file, { byte: COUNT_AT }, `${count} entries do not make ${bytes.length} bytes`);
  }
  return Array.from({ length: count }, (_, index) => decodeEntry(bytes, HEADER_BYTES + index * ENTRY_BYTES, file));
}

function encodeEntry(bytes: Buffer, at: number, entry: ProducerSnapshotEntry): void {
  writeInt64(bytes, entry.producerId, at);
  bytes.writeInt16BE(entry.producerEpoch, at + 8);
  bytes.writeInt32BE(entry.lastBatch?.lastSequence ?? NO_SEQUENCE, at + 10);
  writeInt64(bytes, entry.lastBatch?.lastOffset ?? NONE, at + 14);
  bytes.writeInt32BE(entry.lastBatch?.offsetDelta ?? 0, at + 22);
  // A client may send any int64 for a time; the nearest double of the largest is one too many.
  writeInt64(bytes, Math.min(entry.timestamp, MAX_INT64), at + 26);
  bytes.writeInt32BE(entry.coordinatorEpoch, at + 34);
  writeInt64(bytes, entry.currentTxnFirstOffset ?? NONE, at + 38);
}

function decodeEntry(bytes: Buffer, at: number, file: string): ProducerSnapshotEntry {
  const number = (fieldAt: number, least: number): number => {
    const value = readInt64(bytes, at + fieldAt);
    if (Number.isSafeInteger(value) && value >= least) return value;
    throw new MalformedFileError(file, { byte: at + fieldAt }, `${value} is neither an offset nor a producer id`);
  };
  const lastOffset = number(14, NONE);
  const lastBatch = {
    lastSequence: bytes.readInt32BE(at + 10),
    lastOffset: offset(lastOffset),
    offsetDelta: bytes.readInt32BE(at + 22),
  };
  const transactionOffset = number(38, NONE);
  return {
    producerId: producerId(number(0, 0)),
    producerEpoch: bytes.readInt16BE(at + 8),
    lastBatch: lastOffset === NONE ? undefined : lastBatch,
    timestamp: readInt64(bytes, at + 26),
    coordinatorEpoch: bytes.readInt32BE(at + 34),
    currentTxnFirstOffset: transactionOffset === NONE ? undefined : offset(transactionOffset),
  };
}
