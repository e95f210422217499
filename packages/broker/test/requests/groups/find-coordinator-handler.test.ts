import { ERRORS } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { findCoordinatorHandler } from '../../../src/requests/groups/find-coordinator-handler.ts';
import { ask, contextOf } from '../../support/ask.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { cacheWith, ID_A, partition, type TopicState, topic } from '../../support/update-metadata.ts';

/** Of two partitions, group `a` is in partition 1, and group `b` in partition 0: their hashes are 97 and 98. */
const OFFSETS = topic('__consumer_offsets', ID_A, partition(0, { leader: 3 }), partition(1, { leader: 2 }));
const UNAVAILABLE = ERRORS.COORDINATOR_NOT_AVAILABLE.code;

function handlerOver(...topics: TopicState[]) {
  return handlerWith(2, ...topics);
}

/** `partitions`: as many as the offsets topic is known to have. */
function handlerWith(partitions: number | undefined, ...topics: TopicState[]) {
  const created: string[] = [];
  const handler = findCoordinatorHandler({
    cluster: cacheWith(...topics),
    topicSize: { partitions },
    listener: 'PEERS',
    createOffsetsTopic: () => created.push('offsets'),
    log: recordingLog(),
  });
  return { handler, created };
}

describe('FindCoordinator', () => {
  it.each([0, 1, 2, 3])('version %i finds the leader of the partition of one group', async (version) => {
    const { handler } = handlerOver(OFFSETS);
    const found = await ask('FindCoordinator', handler, version, { key: 'a' });
    expect(found).toMatchObject({ errorCode: 0, nodeId: 2, host: 'b2', port: 9192 });
    expect(found.errorMessage).toBe(version === 0 ? '' : 'NONE');
  });

  it.each([4, 5, 6])('version %i finds those of many', async (version) => {
    const { handler } = handlerOver(OFFSETS);
    const coordinatorKeys = ['a', 'b', 'a'];
    const { coordinators } = await ask('FindCoordinator', handler, version, { coordinatorKeys });
    expect(
      coordinators.map(({ key, nodeId, errorCode, errorMessage }) => [key, nodeId, errorCode, errorMessage]),
    ).toEqual([
      ['a', 2, 0, ''],
      ['b', 3, 0, ''],
      ['a', 2, 0, ''],
    ]);
  });

  it('answers where the brokers are for who comes through that listener', async () => {
    const { handler } = handlerOver(OFFSETS);
    const request = { key: 'a', keyType: 0, coordinatorKeys: [] };
    expect(await handler(request, { ...contextOf(2), listener: 'REST' })).toMatchObject({ host: 'b2', port: 8082 });
    const elsewhere = await handler(request, { ...contextOf(2), listener: 'KAFKA' });
    expect(elsewhere).toMatchObject({ errorCode: UNAVAILABLE, nodeId: -1, host: '', port: -1 });
  });

  it('has the offsets topic created where there is none, and lets them ask again', async () => {
    const { handler, created } = handlerOver(topic('t', ID_A, partition(0)));
    expect(await ask('FindCoordinator', handler, 2, { key: 'a' })).toMatchObject({
      errorCode: UNAVAILABLE,
      nodeId: -1,
    });
    expect(created).toEqual(['offsets']);
  });

  it('finds nobody as long as it is not known how many partitions there are', async () => {
    const { handler, created } = handlerWith(undefined, OFFSETS);
    expect(await ask('FindCoordinator', handler, 2, { key: 'a' })).toMatchObject({ errorCode: UNAVAILABLE });
    expect(created).toEqual([]);
  });

  it('finds nobody where this broker has not been told of the partition yet', async () => {
    const { handler } = handlerWith(50, OFFSETS);
    expect(await ask('FindCoordinator', handler, 2, { key: 'a' })).toMatchObject({ errorCode: UNAVAILABLE });
  });

  it('finds nobody where the partition has no leader, or the leader is gone', async () => {
    for (const leader of [-1, 9]) {
      const { handler, created } = handlerWith(1, topic('__consumer_offsets', ID_A, partition(0, { leader })));
      expect(await ask('FindCoordinator', handler, 2, { key: 'a' })).toMatchObject({ errorCode: UNAVAILABLE });
      expect(created).toEqual([]);
    }
  });

  it('finds nobody for transactions and share groups, and creates nothing for them', async () => {
    const { handler, created } = handlerOver();
    const transaction = await ask('FindCoordinator', handler, 3, { key: 'a', keyType: 1 });
    expect(transaction).toMatchObject({ errorCode: UNAVAILABLE, errorMessage: 'There are no transactions here.' });
    const share = await ask('FindCoordinator', handler, 6, { coordinatorKeys: ['a'], keyType: 2 });
    expect(share.coordinators[0]).toMatchObject({ key: 'a', errorCode: UNAVAILABLE });
    expect(created).toEqual([]);
  });

  it('refuses kinds that its version does not have', async () => {
    const { handler } = handlerOver(OFFSETS);
    for (const [version, keyType] of [
      [5, 2],
      [6, 3],
      [4, -1],
    ] as const) {
      const { coordinators } = await ask('FindCoordinator', handler, version, { coordinatorKeys: ['a', 'b'], keyType });
      expect(coordinators.map(({ errorCode }) => errorCode)).toEqual(Array(2).fill(ERRORS.INVALID_REQUEST.code));
    }
  });
});
