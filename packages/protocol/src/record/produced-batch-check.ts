import { checkBatch } from './batch-check.ts';
import { BatchError } from './batch-errors.ts';
import {
  baseOffsetOf,
  baseSequenceOf,
  deleteHorizonMsOf,
  isControl,
  isTransactional,
  lastOffsetDeltaOf,
  producerEpochOf,
  producerIdOf,
  recordCountOf,
  timestampTypeOf,
} from './batch-header.ts';

/** The rule that a sound batch breaks by coming from a producer; undefined if none. */
const brokenRule = (bytes: Buffer, at: number): string | undefined => {
  const recordCount = recordCountOf(bytes, at);
  if (baseOffsetOf(bytes, at) !== 0) return `a base offset of ${baseOffsetOf(bytes, at)} from a producer`;
  if (recordCount === 0) return 'no records';
  if (recordCount !== lastOffsetDeltaOf(bytes, at) + 1) {
    return `${recordCount} records, but offsets for ${lastOffsetDeltaOf(bytes, at) + 1}`;
  }
  if (isControl(bytes, at)) return 'a control batch from a producer';
  if (deleteHorizonMsOf(bytes, at) !== undefined) return 'a delete horizon from a producer';
  const hasProducerId = producerIdOf(bytes, at) >= 0;
  if (hasProducerId && (producerEpochOf(bytes, at) < 0 || baseSequenceOf(bytes, at) < 0)) {
    return 'a producer id without epoch and sequence';
  }
  if (!hasProducerId && isTransactional(bytes, at)) return 'a transaction without a producer id';
  return undefined;
};

/**
 * Checks what a producer sent for one partition: exactly one batch between `at` and `endAt`, sound (see checkBatch), with
 * base offset 0, at least one record, as many as it has offsets, no control bit and no delete horizon, and where it has
 * a producer id, an epoch and a sequence. The other way round is no rule: KafkaJS sends epoch 0 and sequence 0 with
 * producer id -1. The records are not decoded. Returns the size in bytes.
 * Throws what checkBatch throws, INVALID_RECORD, or INVALID_TIMESTAMP for a batch that claims the log's append time.
 */
export const checkProducedBatch = (bytes: Buffer, at: number, endAt: number = bytes.length): number => {
  const sizeBytes = checkBatch(bytes, at, endAt);
  if (at + sizeBytes !== endAt) throw new BatchError('INVALID_RECORD', 'more than one batch for a partition', at);
  const broken = brokenRule(bytes, at);
  if (broken !== undefined) throw new BatchError('INVALID_RECORD', broken, at);
  if (timestampTypeOf(bytes, at) === 'LogAppendTime') {
    throw new BatchError('INVALID_TIMESTAMP', 'LogAppendTime from a producer', at);
  }
  return sizeBytes;
};
