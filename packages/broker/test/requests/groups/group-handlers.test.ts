import { ERRORS } from '@barnabas/model';
import { APIS, type ApiName, type Message } from '@barnabas/protocol';
import type { PeerContext, PeerHandlers } from '@barnabas/transport';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientHostOf } from '../../../src/requests/groups/group-asker.ts';
import { groupHandlers } from '../../../src/requests/groups/group-handlers.ts';
import { arbitraryRequest } from '../../support/arbitrary-request.ts';
import { ask, contextOf } from '../../support/ask.ts';
import { RecordingCoordinator } from '../../support/groups/recording-coordinator.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { cacheWith, ID_A, ID_B, partition, topic } from '../../support/update-metadata.ts';

type AnyMessage = Message<object, object>;
type AnyHandler = (request: object, context: PeerContext) => object | Promise<object>;

function handlersOver(coordinator = new RecordingCoordinator()) {
  const committed: number[] = [];
  const log = recordingLog();
  const cluster = cacheWith(
    topic('t', ID_A, partition(0), partition(1)),
    topic('__consumer_offsets', ID_B, partition(0)),
  );
  const handlers = groupHandlers({
    coordinator,
    cluster,
    topicSize: { partitions: 1 },
    listener: 'PEERS',
    createOffsetsTopic: () => {},
    metrics: { offsetsCommitted: (count) => committed.push(count) },
    log,
  });
  return { handlers, coordinator, committed, log };
}

const NAMES = Object.keys(handlersOver().handlers) as ApiName[];
const commitOf = (partitionIndex: number) => ({ partitionIndex, committedOffset: 5n, committedMetadata: '' });

describe('any request about groups', () => {
  it.each(NAMES)('is answered by %s with what its version can carry, also by a coordinator that fails', async (api) => {
    await fc.assert(
      fc.asyncProperty(arbitraryRequest(api), fc.boolean(), async ({ version, request }, fails) => {
        const { handlers, coordinator } = handlersOver();
        if (fails) coordinator.fault = new Error('nobody foresaw it');
        const handler = (handlers as PeerHandlers)[api] as AnyHandler;
        const response: AnyMessage = APIS[api].response;
        const answer = await handler(request, contextOf(version));
        expect(() => response.encode(version, answer)).not.toThrow();
      }),
    );
  });
});

describe('what a member asks', () => {
  it('goes to the coordinator as it is, in the name of the client', async () => {
    const { handlers, coordinator } = handlersOver();
    const context = { ...contextOf(3), clientId: null, remote: '10.0.0.7:50123' };
    await handlers.Heartbeat({ groupId: 'g', generationId: 4, memberId: 'm', groupInstanceId: 'i' }, context);
    expect(coordinator.asked).toEqual([
      {
        api: 'Heartbeat',
        version: 3,
        request: { groupId: 'g', generationId: 4, memberId: 'm', groupInstanceId: 'i' },
        clientId: '',
        clientHost: '/10.0.0.7',
      },
    ]);
  });

  it('is refused in its own words where the coordinator fails', async () => {
    const { handlers, coordinator, log } = handlersOver();
    coordinator.fault = new Error('nobody foresaw it');
    const answer = await ask('LeaveGroup', handlers.LeaveGroup, 3, { groupId: 'g', members: [{ memberId: 'm' }] });
    expect(answer.errorCode).toBe(ERRORS.UNKNOWN_SERVER_ERROR.code);
    expect(log.lines).toEqual(['error: LeaveGroup failed unexpectedly']);
  });

  it.each([
    ['10.0.0.7:50123', '/10.0.0.7'],
    ['::ffff:10.0.0.7:50123', '/10.0.0.7'],
    ['::1:50123', '/::1'],
    ['[2001:db8::7]:50123', '/2001:db8::7'],
    ['this broker', '/this broker'],
  ])('comes from %s, which is told as %s', (remote, host) => {
    expect(clientHostOf(remote)).toBe(host);
  });
});

describe('OffsetCommit', () => {
  it('refuses partitions that are not there, asks for the others, and answers in the order asked', async () => {
    const { handlers, coordinator, committed } = handlersOver();
    const { topics } = await ask('OffsetCommit', handlers.OffsetCommit, 7, {
      groupId: 'g',
      memberId: '',
      topics: [
        { name: 'none', partitions: [commitOf(0)] },
        { name: 't', partitions: [commitOf(7), commitOf(1), commitOf(0)] },
      ],
    });
    const unknown = ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code;
    expect(topics.map(({ partitions }) => partitions.map(({ errorCode }) => errorCode))).toEqual([
      [unknown],
      [unknown, 0, 0],
    ]);
    expect(coordinator.asked.map(({ request }) => request)).toMatchObject([
      { topics: [{ name: 't', partitions: [{ partitionIndex: 1 }, { partitionIndex: 0 }] }] },
    ]);
    expect(committed).toEqual([2]);
  });

  it('does not ask where nothing is left to commit', async () => {
    const { handlers, coordinator, committed } = handlersOver();
    const none = { groupId: 'g', memberId: '', topics: [{ name: 'none', partitions: [commitOf(0)] }] };
    await ask('OffsetCommit', handlers.OffsetCommit, 9, none);
    expect([coordinator.asked, committed]).toEqual([[], []]);
  });
});

describe('OffsetDelete', () => {
  const asked = { groupId: 'g', topics: [{ name: 'none', partitions: [{ partitionIndex: 0 }] }] };

  it('refuses partitions that are not there', async () => {
    const { handlers } = handlersOver();
    const { errorCode, topics } = await ask('OffsetDelete', handlers.OffsetDelete, 0, asked);
    expect(errorCode).toBe(0);
    expect(topics[0]?.partitions[0]?.errorCode).toBe(ERRORS.UNKNOWN_TOPIC_OR_PARTITION.code);
  });

  it('says nothing of partitions where the group refuses', async () => {
    const { handlers, coordinator } = handlersOver();
    coordinator.errors.set('g', 'GROUP_ID_NOT_FOUND');
    const answer = await ask('OffsetDelete', handlers.OffsetDelete, 0, asked);
    expect(answer).toMatchObject({ errorCode: ERRORS.GROUP_ID_NOT_FOUND.code, topics: [] });
  });
});

describe('a request that names many groups', () => {
  it('is answered for each of them by itself, in the order asked', async () => {
    const { handlers, coordinator } = handlersOver();
    coordinator.errors.set('elsewhere', 'NOT_COORDINATOR');
    const elsewhere = ERRORS.NOT_COORDINATOR.code;
    const groups = ['here', 'elsewhere', 'there'];
    const fetched = await ask('OffsetFetch', handlers.OffsetFetch, 8, {
      groups: groups.map((groupId) => ({ groupId, topics: null })),
    });
    const described = await ask('DescribeGroups', handlers.DescribeGroups, 5, { groups });
    const deleted = await ask('DeleteGroups', handlers.DeleteGroups, 2, { groupsNames: groups });
    for (const found of [fetched.groups, described.groups, deleted.results]) {
      expect(found.map(({ groupId, errorCode }) => [groupId, errorCode])).toEqual([
        ['here', 0],
        ['elsewhere', elsewhere],
        ['there', 0],
      ]);
    }
    expect(coordinator.asked).toHaveLength(9);
  });

  it('is told what it may do with groups only where it asks, and where there is one', async () => {
    const { handlers, coordinator } = handlersOver();
    coordinator.errors.set('elsewhere', 'NOT_COORDINATOR');
    const groups = ['here', 'elsewhere'];
    const request = { groups, includeAuthorizedOperations: true };
    const asked = await ask('DescribeGroups', handlers.DescribeGroups, 5, request);
    const [READ, DELETE, DESCRIBE] = [1 << 3, 1 << 6, 1 << 8];
    expect(asked.groups.map((group) => group.authorizedOperations)).toEqual([READ | DELETE | DESCRIBE, -0x8000_0000]);
    const unasked = await ask('DescribeGroups', handlers.DescribeGroups, 5, { groups });
    expect(unasked.groups.map((group) => group.authorizedOperations)).toEqual([-0x8000_0000, -0x8000_0000]);
  });
});

describe('ListGroups', () => {
  const GROUPS = [
    { groupId: 'a', protocolType: 'consumer', state: 'Stable' },
    { groupId: 'b', protocolType: '', state: 'Empty' },
  ];

  it('names the groups of this broker, all of them of the classic kind', async () => {
    const { handlers, coordinator } = handlersOver();
    coordinator.listed = { isLoading: false, groups: GROUPS };
    expect(await ask('ListGroups', handlers.ListGroups, 5, {})).toMatchObject({
      errorCode: 0,
      groups: [
        { groupId: 'a', protocolType: 'consumer', groupState: 'Stable', groupType: 'classic' },
        { groupId: 'b', protocolType: '', groupState: 'Empty', groupType: 'classic' },
      ],
    });
  });

  it.each([
    [{ statesFilter: ['stable', 'Dead'] }, ['a']],
    [{ typesFilter: ['CLASSIC'] }, ['a', 'b']],
    [{ typesFilter: ['consumer'] }, []],
    [{ statesFilter: ['Empty'], typesFilter: ['classic', 'share'] }, ['b']],
  ])('lets through what %j asks for', async (filters, names) => {
    const { handlers, coordinator } = handlersOver();
    coordinator.listed = { isLoading: false, groups: GROUPS };
    const { groups } = await ask('ListGroups', handlers.ListGroups, 5, filters);
    expect(groups.map(({ groupId }) => groupId)).toEqual(names);
  });

  it('says that it does not know all of them while some are loaded, and that it has none once it is closed', async () => {
    const { handlers, coordinator } = handlersOver();
    coordinator.listed = { isLoading: true, groups: GROUPS };
    const loading = await ask('ListGroups', handlers.ListGroups, 2, {});
    expect(loading).toMatchObject({ errorCode: ERRORS.COORDINATOR_LOAD_IN_PROGRESS.code, groups: [{}, {}] });
    coordinator.listed = undefined;
    const closed = await ask('ListGroups', handlers.ListGroups, 2, {});
    expect(closed).toMatchObject({ errorCode: ERRORS.COORDINATOR_NOT_AVAILABLE.code, groups: [] });
  });
});
