import { brokerEpoch, brokerId, controllerEpoch } from '@barnabas/model';
import { APIS } from '@barnabas/protocol';
import { describe, expect, it } from 'vitest';
import { Partition } from '../../src/cluster/partition.ts';
import { type ControlBatch, emptyBatch, mergeInto } from '../../src/requests/control-batch.ts';
import { requestsOf } from '../../src/requests/control-requests.ts';
import { toldDeletion, toldLeaderAndIsr, toldMetadata, toldStop } from '../../src/requests/told.ts';
import { idSet, ids, leaderAndIsr } from '../support/views.ts';

const EPOCH = controllerEpoch(4);
const ENVELOPE = {
  controllerId: brokerId(1),
  controllerEpoch: EPOCH,
  broker: brokerId(2),
  brokerEpoch: brokerEpoch(77),
};
const ID = 'AAAAAAAAAAAAAAAAAAAAAg';
const OTHER_ID = 'AAAAAAAAAAAAAAAAAAAAAw';

function partition(number: number, topicId = ID, leader = 1, epoch = 5): Partition {
  const assignment = { replicas: ids(1, 2), addingReplicas: [], removingReplicas: [] };
  const made = new Partition({ name: 't', id: topicId }, number, assignment);
  made.adopt(leaderAndIsr(leader, [1, 2], epoch), idSet(1, 2));
  return made;
}

function batch(fill: { lead?: Partition; isNew?: boolean; delete?: Partition; stop?: Partition }): ControlBatch {
  const made = emptyBatch();
  made.brokers = [];
  const { lead } = fill;
  const led = lead === undefined ? undefined : toldLeaderAndIsr(lead, EPOCH, fill.isNew === true);
  const known = lead === undefined ? undefined : toldMetadata(lead, EPOCH, idSet(1));
  if (lead !== undefined && led !== undefined) made.leaderAndIsr.set(lead.key, led);
  if (lead !== undefined && known !== undefined) made.metadata.set(lead.key, known);
  if (fill.delete !== undefined) made.metadata.set(fill.delete.key, toldDeletion(fill.delete, EPOCH));
  if (fill.stop !== undefined) made.stopReplica.set(fill.stop.key, toldStop(fill.stop, true));
  return made;
}

describe('mergeInto', () => {
  it('keeps the newest of each partition, and that it is new', () => {
    const older = batch({ lead: partition(0), isNew: true });
    expect(mergeInto(older, batch({ lead: partition(0, ID, 2, 6) }))).toBe(true);
    expect(older.leaderAndIsr.get('t-0')?.state).toMatchObject({ leader: 2, leaderEpoch: 6, isNew: true });
    expect(older.metadata.get('t-0')?.state).toMatchObject({ leader: 2, leaderEpoch: 6 });
  });

  it('keeps apart what comes after a StopReplica: it goes out last, and would undo it', () => {
    const older = batch({ stop: partition(0) });
    expect(mergeInto(older, batch({ lead: partition(0, OTHER_ID) }))).toBe(false);
    expect(older.leaderAndIsr.size).toBe(0);
  });
});

describe('a full batch', () => {
  const typesIn = (made: ControlBatch) =>
    requestsOf(made, ENVELOPE).flatMap(({ api, request }) => (api === 'LeaderAndIsr' ? [request.type] : []));

  it('says that it is, also where there is no replica at all', () => {
    expect(typesIn({ ...batch({ lead: partition(0) }), isFull: true })).toEqual([2]);
    expect(typesIn({ ...emptyBatch(), isFull: true })).toEqual([2]);
    expect(typesIn(batch({ lead: partition(0) }))).toEqual([0]);
  });

  it('stays so with what is put into it, and what it is put into', () => {
    const full = { ...batch({ lead: partition(0) }), isFull: true };
    mergeInto(full, batch({ lead: partition(1) }));
    expect(typesIn(full)).toEqual([2]);
    const older = batch({ lead: partition(1) });
    mergeInto(older, full);
    expect(typesIn(older)).toEqual([2]);
    expect(older.leaderAndIsr.size).toBe(2);
  });

  it('is none where it would have to be cut into pieces', () => {
    const large = { ...emptyBatch(), isFull: true };
    for (let number = 0; number < 20_001; number++) {
      const told = toldLeaderAndIsr(partition(number), EPOCH, false);
      if (told !== undefined) large.leaderAndIsr.set(`t-${number}`, told);
    }
    expect(typesIn(large)).toEqual([0, 0]);
  });
});

describe('requestsOf', () => {
  it('is LeaderAndIsr, UpdateMetadata and StopReplica, in this order, under all three epochs, and can be written', () => {
    const requests = requestsOf(batch({ lead: partition(0), stop: partition(1) }), ENVELOPE);
    expect(requests.map(({ api, version }) => [api, version])).toEqual([
      ['LeaderAndIsr', 7],
      ['UpdateMetadata', 8],
      ['StopReplica', 4],
    ]);
    for (const { api, version, request } of requests) {
      expect(request).toMatchObject({ controllerId: 1, controllerEpoch: 4, brokerEpoch: 77n });
      const message: { encode(version: number, value: unknown): unknown } = APIS[api].request;
      expect(() => message.encode(version, request)).not.toThrow();
    }
  });

  it('says nothing where there is nothing to say, and who is there where there is only that', () => {
    expect(requestsOf(emptyBatch(), ENVELOPE)).toEqual([]);
    expect(requestsOf(batch({}), ENVELOPE)).toMatchObject([{ api: 'UpdateMetadata', request: { topicStates: [] } }]);
  });

  it('begins with what has no leader and counts on the broker, where it goes out in pieces', () => {
    const large = { ...emptyBatch(), brokers: [] };
    const tell = (each: Partition) => {
      const told = toldMetadata(each, EPOCH, idSet(1, 2));
      if (told !== undefined) large.metadata.set(each.key, told);
    };
    for (let number = 0; number < 20_000; number++) tell(partition(number));
    const leaderless = partition(20_000);
    leaderless.adopt(leaderAndIsr(undefined, [1, 2], 6), idSet(1, 2));
    tell(leaderless);
    const pieces = requestsOf(large, ENVELOPE).map(({ request }) => request.topicStates?.[0]?.partitionStates ?? []);
    expect(pieces.map(({ length }) => length)).toEqual([20_000, 1]);
    expect(pieces[0]?.[0]?.partitionIndex).toBe(20_000);
  });

  it('keeps a topic that is gone and one of the same name apart by their ids', () => {
    const both = batch({ lead: partition(0, OTHER_ID), delete: partition(1) });
    const metadata = requestsOf(both, ENVELOPE)[1];
    expect(metadata?.request.topicStates).toMatchObject([
      { topicName: 't', topicId: OTHER_ID, partitionStates: [{ partitionIndex: 0, leader: 1, offlineReplicas: [2] }] },
      { topicName: 't', topicId: ID, partitionStates: [{ partitionIndex: 1, leader: -2, leaderEpoch: -2 }] },
    ]);
  });
});
