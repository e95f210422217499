import type { GroupRequestOf } from '../../../src/groups/group-coordinator.ts';

const SENDER = { clientId: 'test', clientHost: '/test' };

/** As a consumer without a group's membership commits partition 0 of topics. */
export const commitRequest = (
  groupId: string,
  offsets: Readonly<Record<string, number>>,
): GroupRequestOf<'OffsetCommit'> => ({
  ...SENDER,
  api: 'OffsetCommit',
  version: 7,
  request: {
    groupId,
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    retentionTimeMs: -1n,
    topics: Object.entries(offsets).map(([name, committed]) => ({
      name,
      partitions: [
        {
          partitionIndex: 0,
          committedOffset: BigInt(committed),
          committedLeaderEpoch: -1,
          commitTimestamp: -1n,
          committedMetadata: '',
        },
      ],
    })),
  },
});

/** Of all that the group has. */
export const fetchRequest = (groupId: string): GroupRequestOf<'OffsetFetch'> => ({
  ...SENDER,
  api: 'OffsetFetch',
  version: 7,
  request: { groupId, topics: null, groups: [], requireStable: false },
});

export const joinRequest = (groupId: string): GroupRequestOf<'JoinGroup'> => ({
  ...SENDER,
  api: 'JoinGroup',
  version: 7,
  request: {
    groupId,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.alloc(0) }],
    reason: null,
  },
});

export const syncRequest = (groupId: string): GroupRequestOf<'SyncGroup'> => ({
  ...SENDER,
  api: 'SyncGroup',
  version: 5,
  request: {
    groupId,
    generationId: 1,
    memberId: 'm',
    groupInstanceId: null,
    protocolType: null,
    protocolName: null,
    assignments: [],
  },
});

export const heartbeatRequest = (groupId: string): GroupRequestOf<'Heartbeat'> => ({
  ...SENDER,
  api: 'Heartbeat',
  version: 4,
  request: { groupId, generationId: 1, memberId: 'm', groupInstanceId: null },
});
