import type { TxnLogFailedError } from '../../../src/server/persistence/persistence-errors.ts';
import type { TxnLogListener } from '../../../src/server/persistence/txn-log.ts';

/** Keeps all that it is told. */
export class RecordingListener implements TxnLogListener {
  readonly durableZxids: number[] = [];
  readonly failures: TxnLogFailedError[] = [];
  snapshotsDue = 0;

  durable(zxid: number): void {
    this.durableZxids.push(zxid);
  }

  failed(error: TxnLogFailedError): void {
    this.failures.push(error);
  }

  snapshotDue(): void {
    this.snapshotsDue++;
  }
}
