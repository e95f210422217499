import { KafkaError, type LogConfig } from '@barnabas/model';
import {
  baseSequenceOf,
  buildBatch,
  type Codec,
  codecOf,
  isControl,
  isTransactional,
  lastOffsetDeltaOf,
  maxTimestampOf,
  producerEpochOf,
  producerIdOf,
  readRecords,
  stampLogAppendTime,
} from '@barnabas/protocol';

/** The batch as it goes into the log, and the time the log gave it where it gives one. */
export type PreparedBatch = { readonly bytes: Buffer; readonly appendTimeMs: number | undefined };

/**
 * Brings a sound batch of a producer into the shape that the topic's config asks for: the time of the append, the
 * topic's codec, timestamps within bounds, keys where the topic is compacted. The records are decoded only if one of
 * these demands it. The bytes are changed in place, or new ones are answered.
 *
 * Throws MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_TIMESTAMP or INVALID_RECORD, with nothing changed.
 */
export const prepareLeaderBatch = (bytes: Buffer, config: LogConfig, nowMs: number): PreparedBatch => {
  checkSize(bytes, config);
  const compacted = config.cleanupPolicy.includes('compact');
  const codec = targetCodec(bytes, config);
  const appendTime = config.messageTimestampType === 'LogAppendTime';
  if (!appendTime) checkTimestamp(bytes, config, nowMs);
  if (compacted) checkKeys(bytes);
  const ready = codec === codecOf(bytes) ? bytes : recompress(bytes, codec, config);
  if (ready !== bytes) checkSize(ready, config);
  if (appendTime) stampLogAppendTime(ready, 0, nowMs);
  return { bytes: ready, appendTimeMs: appendTime ? nowMs : undefined };
};

/** Also before anything is decompressed: what is too large as it comes is not looked into. */
const checkSize = ({ length }: Buffer, { maxMessageBytes, segmentBytes }: LogConfig): void => {
  if (length > maxMessageBytes) {
    throw new KafkaError('MESSAGE_TOO_LARGE', `a batch of ${length} bytes; max.message.bytes is ${maxMessageBytes}`);
  }
  if (length > segmentBytes) {
    throw new KafkaError('RECORD_LIST_TOO_LARGE', `a batch of ${length} bytes; segment.bytes is ${segmentBytes}`);
  }
};

/** Markers stay as they come, as with Kafka: a few bytes that are not worth compressing. */
const targetCodec = (bytes: Buffer, { compressionType }: LogConfig): Codec | undefined => {
  if (compressionType === 'producer' || isControl(bytes)) return codecOf(bytes);
  return compressionType === 'uncompressed' ? 'none' : compressionType;
};

/** Bounds on how far a producer's clock may be off; without them, as by default, nothing is looked at. */
const checkTimestamp = (bytes: Buffer, config: LogConfig, nowMs: number): void => {
  const { messageTimestampBeforeMaxMs: before, messageTimestampAfterMaxMs: after } = config;
  if (!Number.isFinite(before) && !Number.isFinite(after)) return;
  const refuse = (timestamp: number): never => {
    throw new KafkaError(
      'INVALID_TIMESTAMP',
      `timestamp ${timestamp} is not between ${nowMs - before} and ${nowMs + after}, as message.timestamp.before.max.ms and message.timestamp.after.max.ms ask`,
    );
  };
  if (maxTimestampOf(bytes) - nowMs > after) refuse(maxTimestampOf(bytes));
  for (const { timestamp } of readRecords(bytes)) {
    if (timestamp >= 0 && (nowMs - timestamp > before || timestamp - nowMs > after)) refuse(timestamp);
  }
};

const checkKeys = (bytes: Buffer): void => {
  for (const { key, offset } of readRecords(bytes)) {
    if (key === null) {
      throw new KafkaError('INVALID_RECORD', `record ${offset} of the batch has no key, which a compacted topic needs`);
    }
  }
};

const recompress = (bytes: Buffer, codec: Codec | undefined, config: LogConfig): Buffer =>
  buildBatch({
    codec: codec ?? 'none',
    ...levelOf(codec, config),
    producerId: producerIdOf(bytes),
    producerEpoch: producerEpochOf(bytes),
    baseSequence: baseSequenceOf(bytes),
    transactional: isTransactional(bytes),
    lastOffsetDelta: lastOffsetDeltaOf(bytes),
    records: readRecords(bytes),
  });

const levelOf = (codec: Codec | undefined, config: LogConfig): { level?: number } => {
  if (codec === 'gzip') return { level: config.compressionGzipLevel };
  if (codec === 'lz4') return { level: config.compressionLz4Level };
  if (codec === 'zstd') return { level: config.compressionZstdLevel };
  return {};
};
