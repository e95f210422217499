import { parentPath } from '../../../src/operation/path.ts';
import type { WatchKind } from '../../../src/session/watch-registry.ts';
import type { LoggedTxn, Txn } from '../../../src/txn/txn.ts';

export type Change = {
  /** Position in the journal. */
  readonly index: number;
  readonly zxid: number;
  readonly sessionId: bigint;
  readonly kind: WatchKind;
  readonly path: string;
};

export type CommittedWrite = { readonly index: number; readonly sessionId: bigint; readonly token: string };

/** What the server has really done, read from its journal. */
export class History {
  readonly changes: Change[] = [];
  readonly writes: CommittedWrite[] = [];

  constructor(journal: readonly LoggedTxn[]) {
    for (const [index, { header, txn }] of journal.entries()) this.#add(index, header, txn);
  }

  #add(index: number, header: LoggedTxn['header'], txn: Txn): void {
    const changed = (kind: WatchKind, path: string) => this.changes.push({ ...header, index, kind, path });
    const removed = (path: string) => {
      changed('data', path);
      changed('children', path);
      changed('children', parentPath(path));
    };
    switch (txn.type) {
      case 'create':
        changed('data', txn.path);
        changed('children', parentPath(txn.path));
        this.#addWrite(index, header.sessionId, txn.data);
        break;
      case 'setData':
        changed('data', txn.path);
        this.#addWrite(index, header.sessionId, txn.data);
        break;
      case 'delete':
        removed(txn.path);
        break;
      case 'closeSession':
        for (const path of txn.paths) removed(path);
        break;
      case 'multi':
        // The steps of one that was refused stand there too.
        if (txn.txns.some(({ type }) => type === 'error')) break;
        for (const step of txn.txns) this.#add(index, header, step);
        break;
    }
  }

  #addWrite(index: number, sessionId: bigint, data: Uint8Array | null): void {
    if (data !== null && data.length > 0) this.writes.push({ index, sessionId, token: Buffer.from(data).toString() });
  }
}
