import {
  ATTRIBUTES_AT,
  BATCH_HEADER_BYTES,
  baseSequenceOf,
  codecOf,
  crc32c,
  crcOf,
  deleteHorizonMsOf,
  isControl,
  isTransactional,
  lastOffsetDeltaOf,
  leaderEpochOf,
  magicOf,
  producerEpochOf,
  recordCountOf,
  timestampTypeOf,
} from '@barnabas/protocol';
import type { BatchView } from './batch-walk.ts';
import { addInt64, type Int64, int64At } from './int64.ts';
import { incrementSequence } from './sequence.ts';

// Fields of 64 bits, which are printed to the last digit; batch-header.ts of the protocol has the layout.
const BASE_TIMESTAMP_AT = 27;
const MAX_TIMESTAMP_AT = 35;
const PRODUCER_ID_AT = 43;

export const exactBaseOffsetOf = ({ bytes, at }: BatchView): Int64 => int64At(bytes, at);
export const exactLastOffsetOf = ({ bytes, at }: BatchView): Int64 =>
  addInt64(int64At(bytes, at), lastOffsetDeltaOf(bytes, at));
export const exactBaseTimestampOf = ({ bytes, at }: BatchView): Int64 => int64At(bytes, at + BASE_TIMESTAMP_AT);
export const exactMaxTimestampOf = ({ bytes, at }: BatchView): Int64 => int64At(bytes, at + MAX_TIMESTAMP_AT);

/** -1 where the batch has no sequences. */
const lastSequenceOf = ({ bytes, at }: BatchView): number => {
  const first = baseSequenceOf(bytes, at);
  return first === -1 ? -1 : incrementSequence(first, lastOffsetDeltaOf(bytes, at));
};

const isValid = ({ bytes, at, sizeBytes }: BatchView): boolean =>
  sizeBytes >= BATCH_HEADER_BYTES && crcOf(bytes, at) === crc32c(bytes, at + ATTRIBUTES_AT, at + sizeBytes);

const optionalLong = (value: Int64 | undefined): string =>
  value === undefined ? 'OptionalLong.empty' : `OptionalLong[${value}]`;

/** The first part of the line that Kafka's tool prints of a batch. Looks at the header alone. */
export const batchIdentity = (batch: BatchView): string => {
  const { bytes, at } = batch;
  const horizon = deleteHorizonMsOf(bytes, at) === undefined ? undefined : exactBaseTimestampOf(batch);
  return (
    `baseOffset: ${exactBaseOffsetOf(batch)} lastOffset: ${exactLastOffsetOf(batch)} ` +
    `count: ${recordCountOf(bytes, at)} ` +
    `baseSequence: ${baseSequenceOf(bytes, at)} lastSequence: ${lastSequenceOf(batch)} ` +
    `producerId: ${int64At(bytes, at + PRODUCER_ID_AT)} producerEpoch: ${producerEpochOf(bytes, at)} ` +
    `partitionLeaderEpoch: ${leaderEpochOf(bytes, at)} isTransactional: ${isTransactional(bytes, at)} ` +
    `isControl: ${isControl(bytes, at)} deleteHorizonMs: ${optionalLong(horizon)}`
  );
};

/** The rest of it. The whole batch must be in the buffer, and its codec be a known one. */
export const batchPlacement = (batch: BatchView): string => {
  const { bytes, at, position, sizeBytes } = batch;
  return (
    ` position: ${position} ${timestampTypeOf(bytes, at)}: ${exactMaxTimestampOf(batch)} size: ${sizeBytes} ` +
    `magic: ${magicOf(bytes, at)} compresscodec: ${codecOf(bytes, at)} crc: ${crcOf(bytes, at)} ` +
    `isvalid: ${isValid(batch)}\n`
  );
};
