import type { Database } from './database.ts';
import type { WatchSummary } from './watch-table.ts';
import type { Watches } from './watches.ts';

/** What the four-letter words tell of the data. */
export type EngineStatistics = {
  readonly lastZxid: number;
  /** As ZooKeeper counts: it knows the root by two names, and counts both. */
  readonly znodes: number;
  readonly ephemerals: number;
  readonly sessions: number;
  /** Of paths and data. */
  readonly approximateBytes: number;
  /** All of them, those on children and the persistent ones too; a persistent one counts as two. */
  readonly watches: number;
  /** Those on data and existence. */
  readonly dataWatches: WatchSummary;
};

export function statisticsOf({ tree, lastZxid, sessionTimeoutsMs }: Database, watches: Watches): EngineStatistics {
  return {
    lastZxid,
    znodes: tree.nodeCount + 1,
    ephemerals: tree.special.ephemeralCount,
    sessions: sessionTimeoutsMs.size,
    approximateBytes: tree.approximateBytes,
    watches: watches.count,
    dataWatches: watches.dataSummary,
  };
}
