import { describe, expect, it } from 'vitest';
import {
  CONTAINER_OWNER,
  kindOfOwner,
  TTL_MS_MAX,
  ttlMsOf,
  ttlOwner,
} from '../../../src/server/engine/ephemeral-owner.ts';

/** An int64 by its bits. */
const int64 = (bits: bigint) => BigInt.asIntN(64, bits);

describe('kindOfOwner', () => {
  it.each([
    [0n, 'persistent'],
    [int64(0x8000_0000_0000_0000n), 'container'],
    [int64(0xff00_0000_0000_0001n), 'ttl'],
    [int64(0xff00_00ff_ffff_ffffn), 'ttl'],
    [int64(0x0100_1234_5678_0000n), 'ephemeral'],
    [int64(0xfe00_1234_5678_0000n), 'ephemeral'],
  ] as const)('of %d is %s', (owner, kind) => {
    expect(kindOfOwner(owner, true)).toBe(kind);
  });

  it('knows no TTL where there are no extended types', () => {
    expect(kindOfOwner(ttlOwner(1000), false)).toBe('ephemeral');
    expect(kindOfOwner(CONTAINER_OWNER, false)).toBe('container');
  });
});

describe('ttlOwner', () => {
  it.each([1, 60_000, TTL_MS_MAX])('keeps a TTL of %i ms', (ttlMs) => {
    expect(ttlMsOf(ttlOwner(ttlMs))).toBe(ttlMs);
  });

  it('has the bits of ZooKeeper', () => {
    expect(BigInt.asUintN(64, ttlOwner(0x1234))).toBe(0xff00_0000_0000_1234n);
  });
});
