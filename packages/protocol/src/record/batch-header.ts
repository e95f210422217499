/**
 * The header of a record batch, magic 2: 61 bytes, big-endian. The baseOffset and the partitionLeaderEpoch lie outside
 * the checksum, so that a broker stamps them without computing it anew.
 *
 *   0 baseOffset int64            21 attributes int16        43 producerId int64
 *   8 batchLength int32           23 lastOffsetDelta int32   51 producerEpoch int16
 *  12 partitionLeaderEpoch int32  27 baseTimestamp int64     53 baseSequence int32
 *  16 magic int8 (2)              35 maxTimestamp int64      57 recordCount int32
 *  17 crc uint32 (CRC-32C of byte 21 to the end)             61 records
 *
 * batchLength counts the bytes after itself: a batch is batchLength + 12 bytes long.
 * attributes: bits 0-2 codec, 3 timestamp type, 4 transactional, 5 control, 6 baseTimestamp is a delete horizon.
 *
 * Every function takes the buffer and the position of the batch in it, and reads nothing beyond the field: the caller
 * has made sure that the header is there.
 */
import { type LeaderEpoch, leaderEpoch, type Offset, offset, type ProducerId, producerId } from '@barnabas/model';

/** Bytes of baseOffset and batchLength, which batchLength does not count. */
export const LOG_OVERHEAD_BYTES = 12;
/** Bytes of the whole header. */
export const BATCH_HEADER_BYTES = 61;
/** The only format version that is written. */
export const MAGIC_V2 = 2;

export const MAGIC_AT = 16;
export const CRC_AT = 17;
export const ATTRIBUTES_AT = 21;

const CODEC_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
const DELETE_HORIZON = 0x40;

export const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = (typeof CODECS)[number];
export type TimestampType = 'CreateTime' | 'LogAppendTime';

/** The int64 at `at` as a number; exact within ±2^53, the nearest double beyond. */
export const readInt64 = (bytes: Buffer, at: number): number =>
  bytes.readInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);

/** Writes a safe integer as int64. */
export const writeInt64 = (bytes: Buffer, value: number, at: number): void => {
  bytes.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
  bytes.writeUInt32BE(value >>> 0, at + 4);
};

export const baseOffsetOf = (bytes: Buffer, at = 0): Offset => offset(readInt64(bytes, at));
/** Size of the whole batch as its header states it; not yet checked against anything. */
export const batchBytesOf = (bytes: Buffer, at = 0): number => bytes.readInt32BE(at + 8) + LOG_OVERHEAD_BYTES;
export const leaderEpochOf = (bytes: Buffer, at = 0): LeaderEpoch => leaderEpoch(bytes.readInt32BE(at + 12));
export const magicOf = (bytes: Buffer, at = 0): number => bytes.readInt8(at + MAGIC_AT);
export const crcOf = (bytes: Buffer, at = 0): number => bytes.readUInt32BE(at + CRC_AT);
export const attributesOf = (bytes: Buffer, at = 0): number => bytes.readInt16BE(at + ATTRIBUTES_AT);
export const lastOffsetDeltaOf = (bytes: Buffer, at = 0): number => bytes.readInt32BE(at + 23);
export const lastOffsetOf = (bytes: Buffer, at = 0): Offset =>
  offset(readInt64(bytes, at) + lastOffsetDeltaOf(bytes, at));
/** One past the last offset: where the next batch of a log may begin. */
export const nextOffsetOf = (bytes: Buffer, at = 0): Offset => offset(lastOffsetOf(bytes, at) + 1);
export const baseTimestampOf = (bytes: Buffer, at = 0): number => readInt64(bytes, at + 27);
export const maxTimestampOf = (bytes: Buffer, at = 0): number => readInt64(bytes, at + 35);
export const producerIdOf = (bytes: Buffer, at = 0): ProducerId => producerId(readInt64(bytes, at + 43));
export const producerEpochOf = (bytes: Buffer, at = 0): number => bytes.readInt16BE(at + 51);
export const baseSequenceOf = (bytes: Buffer, at = 0): number => bytes.readInt32BE(at + 53);
export const recordCountOf = (bytes: Buffer, at = 0): number => bytes.readInt32BE(at + 57);

/** The codec of the attributes; undefined for the three numbers that name none. */
export const codecOf = (bytes: Buffer, at = 0): Codec | undefined => CODECS[attributesOf(bytes, at) & CODEC_MASK];
export const timestampTypeOf = (bytes: Buffer, at = 0): TimestampType =>
  attributesOf(bytes, at) & LOG_APPEND_TIME ? 'LogAppendTime' : 'CreateTime';
export const isTransactional = (bytes: Buffer, at = 0): boolean => (attributesOf(bytes, at) & TRANSACTIONAL) !== 0;
export const isControl = (bytes: Buffer, at = 0): boolean => (attributesOf(bytes, at) & CONTROL) !== 0;
/** When the batch's tombstones may go (epoch ms), where the cleaner has set it; it then stands in baseTimestamp. */
export const deleteHorizonMsOf = (bytes: Buffer, at = 0): number | undefined =>
  attributesOf(bytes, at) & DELETE_HORIZON ? baseTimestampOf(bytes, at) : undefined;

/** What the attributes say, spelt out. */
export type BatchAttributes = {
  readonly codec: Codec;
  readonly timestampType: TimestampType;
  readonly transactional: boolean;
  readonly control: boolean;
  readonly hasDeleteHorizon: boolean;
};
export const encodeAttributes = (attributes: BatchAttributes): number =>
  CODECS.indexOf(attributes.codec) |
  (attributes.timestampType === 'LogAppendTime' ? LOG_APPEND_TIME : 0) |
  (attributes.transactional ? TRANSACTIONAL : 0) |
  (attributes.control ? CONTROL : 0) |
  (attributes.hasDeleteHorizon ? DELETE_HORIZON : 0);

/** The same attributes with the log's append time. */
export const withLogAppendTime = (attributes: number): number => attributes | LOG_APPEND_TIME;

/** Sequence number `by` places after `from`: after 2147483647 comes 0. */
export const advanceSequence = (from: number, by: number): number => {
  const sum = from + by;
  return sum > 0x7fff_ffff ? sum - 0x8000_0000 : sum;
};
/** Sequence of the last record; -1 where the batch has none. */
export const lastSequenceOf = (bytes: Buffer, at = 0): number => {
  const first = baseSequenceOf(bytes, at);
  return first < 0 ? -1 : advanceSequence(first, lastOffsetDeltaOf(bytes, at));
};

/** Sets what the leader assigns; both fields lie outside the checksum. */
export const stampBatch = (bytes: Buffer, at: number, base: Offset, epoch: LeaderEpoch): void => {
  writeInt64(bytes, base, at);
  bytes.writeInt32BE(epoch, at + 12);
};
