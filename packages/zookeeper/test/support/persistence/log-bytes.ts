import { encodeFileHeader } from '../../../src/server/persistence/file-header.ts';
import { encodeTxnEntry } from '../../../src/server/persistence/txn-entry.ts';
import type { LoggedTxn } from '../../../src/txn/txn.ts';

/** A log file, without zeros at its end. */
export function logBytes(txns: readonly LoggedTxn[]): Buffer {
  return Buffer.concat([encodeFileHeader('log'), ...txns.map(encodeTxnEntry)]);
}

/** Where the transaction at `index` begins in such a file. */
export function positionOf(txns: readonly LoggedTxn[], index: number): number {
  return logBytes(txns.slice(0, index)).length;
}
