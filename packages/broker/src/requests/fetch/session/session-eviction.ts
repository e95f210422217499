import type { FetchSession } from './fetch-session.ts';

/** A session that has not been used for as long is given up for any other; one that is younger is kept for its reader. */
const EVICTION_MS = 120_000;

type Newcomer = Pick<FetchSession, 'isFollower' | 'size'>;
type Known = Pick<FetchSession, 'id' | 'isFollower' | 'size' | 'createdMs' | 'lastUsedMs'>;

/**
 * Whose place a new session takes where all are taken; undefined: nobody's. In Kafka's order: the one that has been idle
 * longest, if for long; else the least worth, if it is worth no more than the newcomer. A follower is worth more than a
 * consumer, then many partitions more than few. A follower may take the place of any consumer, and of a follower that is
 * not young; a consumer only that of one that is not young.
 */
export const roomFor = <T extends Known>(newcomer: Newcomer, sessions: Iterable<T>, nowMs: number): T | undefined => {
  let idlest: T | undefined;
  let leastWorth: T | undefined;
  for (const session of sessions) {
    if (idlest === undefined || session.lastUsedMs < idlest.lastUsedMs) idlest = session;
    const isYoung = nowMs - session.createdMs <= EVICTION_MS;
    if (isYoung && !(newcomer.isFollower && !session.isFollower)) continue;
    if (leastWorth === undefined || worth(session, leastWorth) < 0) leastWorth = session;
  }
  if (idlest !== undefined && nowMs - idlest.lastUsedMs > EVICTION_MS) return idlest;
  return leastWorth !== undefined && worth(newcomer, leastWorth) >= 0 ? leastWorth : undefined;
};

/** Below, at or above zero as `one` is worth less than, as much as or more than `other`. */
const worth = (one: Newcomer, other: Newcomer): number =>
  Number(one.isFollower) - Number(other.isFollower) || one.size - other.size;
