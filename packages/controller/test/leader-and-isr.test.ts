import { brokerId, controllerEpoch } from '@barnabas/model';
import { decodePartitionState, encodePartitionState } from '@barnabas/zookeeper';
import { describe, expect, it } from 'vitest';
import { afterWrite, fromZnode, initialLeaderAndIsr, inNextEpoch, toZnode } from '../src/leader-and-isr.ts';
import { ids, leaderAndIsr } from './support/views.ts';

describe('LeaderAndIsr', () => {
  it('begins with the epochs 0, which the version of a new znode is, too', () => {
    expect(initialLeaderAndIsr(brokerId(2), ids(2, 1))).toMatchObject({ leaderEpoch: 0, partitionEpoch: 0 });
  });

  it('has its leader epoch raised by a change, and its partition epoch by the write', () => {
    const next = inNextEpoch(leaderAndIsr(1, [1, 2]), { isr: ids(1) });
    expect(next).toEqual({ ...leaderAndIsr(1, [1], 6) });
    expect(afterWrite(next)).toEqual({ ...next, partitionEpoch: 10 });
  });

  it('survives the way through its znode', () => {
    for (const state of [leaderAndIsr(1, [1, 2]), { ...leaderAndIsr(undefined, [3]), isRecovering: true }]) {
      const bytes = encodePartitionState(toZnode(state, controllerEpoch(4)));
      const znode = decodePartitionState({ topic: 't', partition: 0 }, bytes);
      expect(znode.controllerEpoch).toBe(4);
      expect(fromZnode(znode, 9)).toEqual(state);
    }
  });
});
