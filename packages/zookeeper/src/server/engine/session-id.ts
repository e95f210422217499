/**
 * The first session id that a server gives out, an int64; the others count up from it (SessionTrackerImpl).
 *
 *   63..56   id of the server
 *   55..16   the low 40 bits of the time, in milliseconds
 *   15..0    0
 *
 * ZooKeeper takes the time since the machine was started. Here it is that since 1970: a clock that begins anew with the
 * process would give out the ids of sessions that are still alive.
 */
import { CONTAINER_OWNER } from './ephemeral-owner.ts';

export function firstSessionId(serverId: number, nowMs: number): bigint {
  const time = BigInt.asUintN(40, BigInt(Math.floor(nowMs))) << 16n;
  const id = BigInt.asIntN(64, (BigInt(serverId) << 56n) | time);
  // 0 stands for "no session yet", and the other one owns the containers.
  return id === 0n || id === CONTAINER_OWNER ? id + 1n : id;
}

/** The first id, or the one behind the greatest that is known of this server's: the clock may have been set back. */
export function nextSessionId(serverId: number, nowMs: number, known: Iterable<bigint>): bigint {
  let next = firstSessionId(serverId, nowMs);
  for (const id of known) if (id >> 56n === next >> 56n && id >= next) next = id + 1n;
  return next;
}
