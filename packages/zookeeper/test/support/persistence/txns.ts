import { encodeTxnEntry } from '../../../src/server/persistence/txn-entry.ts';
import type { LoggedTxn } from '../../../src/txn/txn.ts';

/** A transaction that can be told from every other: by its zxid, and by who made it. */
export function txnOf(zxid: number, { maker = 'test', sizeBytes = 20 } = {}): LoggedTxn {
  const data = Buffer.alloc(sizeBytes, `${zxid} of ${maker} `);
  return {
    header: { sessionId: 0x0100_0000_0000_0001n, cxid: zxid % 1000, zxid, timeMs: 1_700_000_000_000 + zxid },
    txn: { type: 'setData', path: '/node', data, version: zxid % 1000 },
  };
}

/** Those of `first` up to `last`. */
export function txnsOf(first: number, last: number): LoggedTxn[] {
  return Array.from({ length: last - first + 1 }, (_, index) => txnOf(first + index));
}

/** What tells two transactions apart, whatever their bytes are held in. */
export function fingerprint(logged: LoggedTxn): string {
  return encodeTxnEntry(logged).toString('latin1');
}

export function zxidsOf(txns: Iterable<LoggedTxn>): number[] {
  return Array.from(txns, ({ header }) => header.zxid);
}
