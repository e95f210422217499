/**
 * `ephemeralOwner` of a znode, an int64, tells what kind of znode it is (`org.apache.zookeeper.server.EphemeralType`):
 *
 *   0                     persistent
 *   0x8000000000000000    container
 *   0xff0000tttttttttt    TTL of t milliseconds; only where extended types are enabled
 *   any other             ephemeral: the session that owns it
 *
 * Clients see it for ephemeral znodes only, and 0 for all others.
 */
export type NodeKind = 'persistent' | 'container' | 'ttl' | 'ephemeral';

export const PERSISTENT_OWNER = 0n;
export const CONTAINER_OWNER = -(2n ** 63n);
/** 0xff00000000000000, signed. */
const TTL_OWNER_BASE = -(2n ** 56n);
export const TTL_MS_MAX = 2 ** 40 - 1;

/** @param ttlMs from 1 to `TTL_MS_MAX` */
export function ttlOwner(ttlMs: number): bigint {
  return TTL_OWNER_BASE + BigInt(ttlMs);
}

/** @param owner that of a TTL znode */
export function ttlMsOf(owner: bigint): number {
  return Number(owner - TTL_OWNER_BASE);
}

export function kindOfOwner(owner: bigint, extendedTypes: boolean): NodeKind {
  if (owner === PERSISTENT_OWNER) return 'persistent';
  if (owner === CONTAINER_OWNER) return 'container';
  const isTtl = extendedTypes && owner >= TTL_OWNER_BASE && owner <= TTL_OWNER_BASE + BigInt(TTL_MS_MAX);
  return isTtl ? 'ttl' : 'ephemeral';
}
