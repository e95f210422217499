import type { TxnLog } from '../../../src/server/persistence/txn-log.ts';
import type { LoggedTxn } from '../../../src/txn/txn.ts';

/** Appends, and waits until all of it is durable. */
export async function appendDurably(txnLog: TxnLog, txns: readonly LoggedTxn[]): Promise<void> {
  for (const txn of txns) txnLog.append(txn);
  await txnLog.untilDurable(txns.at(-1)?.header.zxid ?? 0);
}
