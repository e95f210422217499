import type { GroupRequest } from '../../src/index.ts';

type RequestOf<Api extends GroupRequest['api']> = Extract<GroupRequest, { readonly api: Api }>['request'];

export const CLIENT = { clientId: 'client', clientHost: '/10.0.0.7' };

const ask = <Api extends GroupRequest['api']>(api: Api, version: number, request: RequestOf<Api>) => ({
  api,
  version,
  request,
  ...CLIENT,
});

export const joinAsk = (
  asked: Partial<RequestOf<'JoinGroup'>> & { version?: number; clientId?: string; clientHost?: string } = {},
): Extract<GroupRequest, { readonly api: 'JoinGroup' }> => {
  const { version = 9, clientId = CLIENT.clientId, clientHost = CLIENT.clientHost, ...request } = asked;
  const defaults = {
    groupId: 'g',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    memberId: '',
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from('') }],
    reason: null,
  };
  return { ...ask('JoinGroup', version, { ...defaults, ...request }), clientId, clientHost };
};

export const syncAsk = (asked: Partial<RequestOf<'SyncGroup'>> & { version?: number } = {}) => {
  const { version = 4, ...request } = asked;
  const defaults = {
    groupId: 'g',
    generationId: 1,
    memberId: '',
    groupInstanceId: null,
    protocolType: null,
    protocolName: null,
    assignments: [],
  };
  return ask('SyncGroup', version, { ...defaults, ...request });
};

export const heartbeatAsk = (asked: Partial<RequestOf<'Heartbeat'>>) =>
  ask('Heartbeat', 4, { groupId: 'g', generationId: 1, memberId: '', groupInstanceId: null, ...asked });

type Leaving = { readonly memberId?: string; readonly groupInstanceId?: string | null };

export const leaveAsk = (leaving: readonly Leaving[], groupId = 'g') => {
  const members = leaving.map((member) => ({ memberId: '', groupInstanceId: null, reason: null, ...member }));
  return ask('LeaveGroup', 5, { groupId, memberId: '', members });
};

export const oldLeaveAsk = (memberId: string, groupId = 'g') =>
  ask('LeaveGroup', 2, { groupId, memberId, members: [] });

type Commit = {
  readonly partition?: number;
  readonly offset: bigint;
  readonly metadata?: string | null;
  readonly leaderEpoch?: number;
  readonly commitTimestamp?: bigint;
};

export const commitAsk = (
  topics: Readonly<Record<string, readonly Commit[]>>,
  asked: Partial<Omit<RequestOf<'OffsetCommit'>, 'topics'>> & { version?: number } = {},
) => {
  const { version = 9, ...request } = asked;
  const partitionsOf = (commits: readonly Commit[]) =>
    commits.map(({ partition = 0, offset, metadata = '', leaderEpoch = -1, commitTimestamp = -1n }) => ({
      partitionIndex: partition,
      committedOffset: offset,
      committedLeaderEpoch: leaderEpoch,
      commitTimestamp,
      committedMetadata: metadata,
    }));
  return ask('OffsetCommit', version, {
    groupId: 'g',
    generationIdOrMemberEpoch: -1,
    memberId: '',
    groupInstanceId: null,
    retentionTimeMs: -1n,
    topics: Object.entries(topics).map(([name, commits]) => ({ name, partitions: partitionsOf(commits) })),
    ...request,
  });
};

/** `topics` null: all. */
export const fetchAsk = (
  topics: Readonly<Record<string, readonly number[]>> | null,
  { groupId = 'g', requireStable = false } = {},
) => {
  const asked = topics && Object.entries(topics).map(([name, partitionIndexes]) => ({ name, partitionIndexes }));
  const groups = [{ groupId, memberId: null, memberEpoch: -1, topics: asked }];
  return ask('OffsetFetch', 9, { groupId: '', topics: [], groups, requireStable });
};

export const describeAsk = (groupId = 'g') =>
  ask('DescribeGroups', 5, { groups: [groupId], includeAuthorizedOperations: false });

export const deleteGroupAsk = (groupId = 'g') => ask('DeleteGroups', 2, { groupsNames: [groupId] });

export const deleteOffsetsAsk = (topics: Readonly<Record<string, readonly number[]>>, groupId = 'g') =>
  ask('OffsetDelete', 0, {
    groupId,
    topics: Object.entries(topics).map(([name, partitions]) => ({
      name,
      partitions: partitions.map((partitionIndex) => ({ partitionIndex })),
    })),
  });
