/**
 * Records of control batches, which end a transaction on a partition:
 *
 *   key    version int16 (0) | type int16: 0 abort, 1 commit
 *   value  version int16 (0) | coordinatorEpoch int32
 *
 * A reader takes higher versions for version 0 with something after it. Other types (Kafka's KRaft quorum has some) carry
 * values of their own.
 */
import { KafkaError } from '@barnabas/model';

/** How a transaction ended. */
export type EndOfTransaction = 'abort' | 'commit';

/** `coordinatorEpoch` is the leader epoch of the coordinator's partition when it decided; an int32. */
export type ControlRecord =
  | { readonly kind: EndOfTransaction; readonly coordinatorEpoch: number }
  | { readonly kind: 'other'; readonly type: number };

const VERSION = 0;
const ABORT = 0;
const COMMIT = 1;
const KEY_BYTES = 4;
const VALUE_BYTES = 6;

const versioned = (bytes: Buffer | null, leastBytes: number, what: string): Buffer => {
  if (bytes === null || bytes.length < leastBytes) {
    throw new KafkaError('INVALID_RECORD', `a control record's ${what} of ${bytes?.length ?? 'no'} bytes`);
  }
  const version = bytes.readInt16BE(0);
  if (version < 0) throw new KafkaError('INVALID_RECORD', `a control record's ${what} of version ${version}`);
  return bytes;
};

/** Reads the one record of a control batch. Throws KafkaError INVALID_RECORD where key or value are too short. */
export const readControlRecord = (record: { key: Buffer | null; value: Buffer | null }): ControlRecord => {
  const type = versioned(record.key, KEY_BYTES, 'key').readInt16BE(2);
  if (type !== ABORT && type !== COMMIT) return { kind: 'other', type };
  const value = versioned(record.value, VALUE_BYTES, 'value');
  return { kind: type === COMMIT ? 'commit' : 'abort', coordinatorEpoch: value.readInt32BE(2) };
};

/** Key and value of the record that ends a transaction. */
export const encodeEndTransactionMarker = (
  kind: EndOfTransaction,
  coordinatorEpoch: number,
): { key: Buffer; value: Buffer } => {
  const key = Buffer.alloc(KEY_BYTES);
  key.writeInt16BE(VERSION, 0);
  key.writeInt16BE(kind === 'commit' ? COMMIT : ABORT, 2);
  const value = Buffer.alloc(VALUE_BYTES);
  value.writeInt16BE(VERSION, 0);
  value.writeInt32BE(coordinatorEpoch, 2);
  return { key, value };
};
