import type { TreeImage } from '../../txn/tree-image.ts';
import type { LoggedTxn } from '../../txn/txn.ts';
import { Database } from './database.ts';
import { decideDeleteContainer } from './decide.ts';
import { EngineConnection } from './engine-connection.ts';
import { EngineCore } from './engine-core.ts';
import type { EngineOptions } from './engine-options.ts';
import { type EngineStatistics, statisticsOf } from './engine-statistics.ts';
import type { Connection, Peer } from './peer.ts';
import { isUnused, unusedContainers } from './unused-containers.ts';

export type { EngineOptions } from './engine-options.ts';
export type { EngineStatistics } from './engine-statistics.ts';

/**
 * A ZooKeeper server without its surroundings: decides on requests, logs the transactions, applies them to the tree, and
 * tells the peers. It does no I/O, sets no timer and waits for nothing: what it is called with is done when the call
 * returns, and depends on nothing but the calls before it and the clock. To clients it is a standalone Apache ZooKeeper
 * 3.8, except that it knows neither quotas (`/zookeeper/quota` is there, and limits nothing) nor reconfig nor SASL.
 *
 * Its owner attaches a peer for each connection, calls `expireSessions` at every tick and `reapContainers` now and then,
 * and holds back what the peers are told until the journal is on the disk. It needs no end.
 */
export class Engine {
  readonly #core: EngineCore;
  readonly #options: EngineOptions;
  /** What was found unused and is not deleted yet. */
  #toReap: readonly string[] = [];

  constructor(options: EngineOptions, database = new Database(options.extendedTypes)) {
    this.#options = options;
    this.#core = new EngineCore(options, database);
    this.#closeForgottenSessions();
  }

  /**
   * Goes on where a server has stopped: `image` may be ahead of its zxid, `txns` may begin before it. All sessions have
   * their whole timeout again.
   *
   * @throws MalformedTreeImageError
   */
  static restore(image: TreeImage, txns: Iterable<LoggedTxn>, options: EngineOptions): Engine {
    const database = new Database(options.extendedTypes, image);
    database.replay(txns);
    return new Engine(options, database);
  }

  get lastZxid(): number {
    return this.#core.database.lastZxid;
  }

  /** Timeouts in milliseconds of the sessions that are alive, by id. */
  get sessions(): ReadonlyMap<bigint, number> {
    return this.#core.database.sessionTimeoutsMs;
  }

  /** When sessions may expire next, by the steady clock: `expireSessions` has nothing to do before. */
  get nextExpiryMs(): number {
    return this.#core.sessions.nextExpiryMs;
  }

  /** A client has connected. */
  attach(peer: Peer): Connection {
    return new EngineConnection(this.#core, peer);
  }

  /** Ends the sessions that were not heard of for their timeout, rounded up to a whole tick. */
  expireSessions(): void {
    for (const { id, connection } of this.#core.sessions.takeExpired()) {
      // Before the znodes go: whoever is not heard of is not told any more.
      connection?.close('its session has expired');
      this.#core.closeSession(id, 0);
    }
  }

  /**
   * Deletes containers that are empty again, and znodes that have outlived their TTL, up to so many; whether there are
   * more, for which it is to be called again when others have had their turn.
   */
  reapContainers(maxCount = Number.POSITIVE_INFINITY): boolean {
    const { tree } = this.#core.database;
    const nowMs = this.#options.clock.nowMs();
    if (this.#toReap.length === 0) this.#toReap = unusedContainers(tree, nowMs);
    for (const path of this.#toReap.slice(0, maxCount)) {
      // It was used again meanwhile, or deleted.
      if (isUnused(path, tree, nowMs)) this.#core.commit(0n, 0, decideDeleteContainer(path, tree));
    }
    this.#toReap = this.#toReap.slice(maxCount);
    return this.#toReap.length > 0;
  }

  /** Everything as it is now. Cheap, and not changed by what comes later: to be written while the engine goes on. */
  image(): TreeImage {
    return this.#core.database.image();
  }

  statistics(): EngineStatistics {
    return statisticsOf(this.#core.database, this.#core.watches);
  }

  /** An image that was taken while the server went on may have ephemeral znodes whose session's end it has not. */
  #closeForgottenSessions(): void {
    const forgotten = [...this.#core.database.tree.special.owners].filter((id) => !this.sessions.has(id));
    for (const id of forgotten) this.#core.closeSession(id, 0);
  }
}
