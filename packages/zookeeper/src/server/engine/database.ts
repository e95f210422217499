import type { NodeRecord, TreeImage } from '../../txn/tree-image.ts';
import type { LoggedTxn } from '../../txn/txn.ts';
import type { Applied, ChangeListener } from './applied.ts';
import { DataTree } from './data-tree.ts';

/** All that outlives the process: the znodes, the sessions and the zxid. Changed by transactions alone. */
export class Database {
  readonly tree: DataTree;
  readonly #sessionTimeoutsMs: Map<bigint, number>;
  #lastZxid: number;

  /**
   * @param image what it begins with, otherwise the built-in znodes
   * @throws MalformedTreeImageError
   */
  constructor(extendedTypes: boolean, image?: TreeImage) {
    this.tree = new DataTree(extendedTypes, image?.nodes);
    this.#sessionTimeoutsMs = new Map(image?.sessions);
    this.#lastZxid = image?.lastZxid ?? 0;
  }

  get lastZxid(): number {
    return this.#lastZxid;
  }

  /** In milliseconds, by session id. */
  get sessionTimeoutsMs(): ReadonlyMap<bigint, number> {
    return this.#sessionTimeoutsMs;
  }

  apply({ header, txn }: LoggedTxn, onChange?: ChangeListener): Applied {
    if (txn.type === 'createSession') this.#sessionTimeoutsMs.set(header.sessionId, txn.timeoutMs);
    if (txn.type === 'closeSession') this.#sessionTimeoutsMs.delete(header.sessionId);
    const applied = this.tree.apply(header, txn, onChange);
    this.#lastZxid = header.zxid;
    return applied;
  }

  /** Takes in what was logged after the image. What the image has already, by its zxid, is passed over. */
  replay(txns: Iterable<LoggedTxn>): void {
    for (const logged of txns) if (logged.header.zxid > this.#lastZxid) this.apply(logged);
  }

  /** All of it as it is now. The znodes are shared, not copied: their records never change. */
  image(): TreeImage {
    const nodes: Iterable<readonly [path: string, node: NodeRecord]> = this.tree.entries();
    return { lastZxid: this.#lastZxid, sessions: new Map(this.#sessionTimeoutsMs), nodes };
  }
}
