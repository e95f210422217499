/**
 * `.txnindex` of a segment: the aborted transactions whose marker is in the segment, in the order of the markers. There
 * only if there are any. Entries of 34 bytes, big-endian:
 *
 *    0 version int16 (0)       18 lastOffset int64 (of the marker)
 *    2 producerId int64        26 lastStableOffset int64 (just after the marker was written)
 *   10 firstOffset int64
 *
 * Source: Kafka's AbortedTxn and TransactionIndex.
 */
import { type Offset, offset, type ProducerId, producerId } from '@barnabas/model';
import { readInt64, writeInt64 } from '@barnabas/protocol';
import { MalformedFileError } from '../malformed-file-error.ts';

export const ABORTED_TRANSACTION_BYTES = 34;

const VERSION = 0;

export type AbortedTransaction = {
  readonly producerId: ProducerId;
  readonly firstOffset: Offset;
  readonly lastOffset: Offset;
  readonly lastStableOffset: Offset;
};

export function encodeAbortedTransaction(transaction: AbortedTransaction): Buffer {
  const bytes = Buffer.alloc(ABORTED_TRANSACTION_BYTES);
  bytes.writeInt16BE(VERSION, 0);
  writeInt64(bytes, transaction.producerId, 2);
  writeInt64(bytes, transaction.firstOffset, 10);
  writeInt64(bytes, transaction.lastOffset, 18);
  writeInt64(bytes, transaction.lastStableOffset, 26);
  return bytes;
}

/**
 * All entries of a file.
 *
 * @throws MalformedFileError for an unknown version, a part of an entry at the end, numbers that are no offsets, and
 *   markers that are not in order
 */
export function decodeTransactionIndex(bytes: Buffer, file: string): AbortedTransaction[] {
  const transactions: AbortedTransaction[] = [];
  let previousMarker = -1;
  for (let at = 0; at < bytes.length; at += ABORTED_TRANSACTION_BYTES) {
    const transaction = decodeEntry(bytes, at, file);
    if (transaction.lastOffset <= previousMarker) {
      const reason = `the marker at ${transaction.lastOffset} follows one at ${previousMarker}`;
      throw new MalformedFileError(file, { byte: at + 18 }, reason);
    }
    previousMarker = transaction.lastOffset;
    transactions.push(transaction);
  }
  return transactions;
}

/**
 * Those transactions of one segment's index that a fetch of the offsets from `fetchOffset` up to, but without,
 * `upperBoundOffset` touches. Complete means that later segments can have no more of them: the last stable offset had
 * reached the bound, so that whatever ended later began at the bound or after it.
 */
export function collectAborted(
  transactions: readonly AbortedTransaction[],
  fetchOffset: Offset,
  upperBoundOffset: Offset,
): { aborted: AbortedTransaction[]; isComplete: boolean } {
  const lastIndex = transactions.findIndex(({ lastStableOffset }) => lastStableOffset >= upperBoundOffset);
  const candidates = lastIndex < 0 ? transactions : transactions.slice(0, lastIndex + 1);
  const aborted = candidates.filter(
    ({ firstOffset, lastOffset }) => lastOffset >= fetchOffset && firstOffset < upperBoundOffset,
  );
  return { aborted, isComplete: lastIndex >= 0 };
}

function decodeEntry(bytes: Buffer, at: number, file: string): AbortedTransaction {
  if (bytes.length - at < ABORTED_TRANSACTION_BYTES) {
    throw new MalformedFileError(file, { byte: at }, `${bytes.length - at} bytes are no entry of 34`);
  }
  const version = bytes.readInt16BE(at);
  if (version !== VERSION) throw new MalformedFileError(file, { byte: at }, `the version is ${version}, 0 is known`);
  const number = (fieldAt: number): number => {
    const value = readInt64(bytes, at + fieldAt);
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new MalformedFileError(file, { byte: at + fieldAt }, `${value} is neither an offset nor a producer id`);
  };
  const transaction = {
    producerId: producerId(number(2)),
    firstOffset: offset(number(10)),
    lastOffset: offset(number(18)),
    lastStableOffset: offset(number(26)),
  };
  if (transaction.firstOffset > transaction.lastOffset) {
    const reason = `the transaction begins at ${transaction.firstOffset}, after its marker at ${transaction.lastOffset}`;
    throw new MalformedFileError(file, { byte: at + 10 }, reason);
  }
  return transaction;
}
