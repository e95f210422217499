import { type BrokerEpoch, type BrokerId, brokerEpoch, brokerId, leaderEpoch, partitionEpoch } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { decideProposal, type IsrDecision, type IsrProposal } from '../../src/state/alter-partition.ts';
import { type AlterPartitionCluster, decideAlterPartition } from '../../src/state/alter-partition-request.ts';
import { ids, leaderAndIsr } from '../support/views.ts';

/** Broker n is registered under the epoch 100 + n. */
const epochOf = (id: number): BrokerEpoch => brokerEpoch(100 + id);
const registered = (...brokers: readonly number[]): ReadonlyMap<BrokerId, BrokerEpoch> =>
  new Map(brokers.map((id) => [brokerId(id), epochOf(id)]));
const members = (...brokers: readonly number[]) => brokers.map((id) => ({ id: brokerId(id), epoch: epochOf(id) }));

/** Broker 1 leads in epoch 5, partition epoch 9, and is to be joined by 3, unless told otherwise. */
function proposal(changed: Partial<IsrProposal> = {}): IsrProposal {
  const epochs = { leaderEpoch: leaderEpoch(5), partitionEpoch: partitionEpoch(9) };
  return { leader: brokerId(1), isr: members(1, 2, 3), isRecovering: false, requestVersion: 3, ...epochs, ...changed };
}

const VIEW = { assignment: ids(1, 2, 3), current: leaderAndIsr(1, [1, 2]), live: registered(1, 2, 3, 4) };
const decide = (changed: Partial<IsrProposal>): IsrDecision => decideProposal(proposal(changed), VIEW);
const refused = (error: string) => ({ kind: 'refused', error });
const behind = { partitionEpoch: partitionEpoch(8) };

describe('decideProposal', () => {
  it('takes a wider ISR and a narrower one, in the same leader epoch', () => {
    expect(decide({})).toEqual({ kind: 'write', next: leaderAndIsr(1, [1, 2, 3]) });
    expect(decide({ isr: members(1) })).toEqual({ kind: 'write', next: leaderAndIsr(1, [1]) });
  });

  it('knows no partition without a state', () => {
    expect(decideProposal(proposal(), { ...VIEW, current: undefined })).toEqual(refused('UNKNOWN_TOPIC_OR_PARTITION'));
  });

  it('takes itself for no controller where the epochs are ahead of its own', () => {
    expect(decide({ leaderEpoch: leaderEpoch(6) })).toEqual(refused('NOT_CONTROLLER'));
    expect(decide({ partitionEpoch: partitionEpoch(10) })).toEqual(refused('NOT_CONTROLLER'));
    expect(decide({ partitionEpoch: partitionEpoch(10), leaderEpoch: leaderEpoch(4) })).toEqual(
      refused('NOT_CONTROLLER'),
    );
  });

  it('fences a leader of an earlier epoch, even where nothing would change', () => {
    const isr = members(1, 2);
    expect(decide({ leaderEpoch: leaderEpoch(4), isr, ...behind })).toEqual(refused('FENCED_LEADER_EPOCH'));
  });

  it('refuses a broker that does not lead, even where nothing would change', () => {
    expect(decide({ leader: brokerId(2), isr: members(1, 2) })).toEqual(refused('INVALID_REQUEST'));
  });

  it('answers a repeated proposal with what is so, whatever order and partition epoch it has', () => {
    for (const epoch of [behind, {}]) {
      expect(decide({ isr: members(2, 1), ...epoch })).toEqual({ kind: 'asItIs', current: VIEW.current });
    }
  });

  it('refuses another change on top of a partition epoch that is over, before it looks at the members', () => {
    const isr = [...members(1), { id: brokerId(9), epoch: brokerEpoch(-1) }];
    expect(decide({ isr, ...behind })).toEqual(refused('INVALID_UPDATE_VERSION'));
  });

  it.each([
    ['is empty', []],
    ['lacks the leader', members(2, 3)],
    ['has a broker twice', members(1, 2, 2)],
    ['has a broker without a replica', members(1, 4)],
  ])('refuses an ISR that %s', (_, isr) => {
    expect(decide({ isr })).toEqual(refused('INVALID_REQUEST'));
  });

  it('lets a leader recover before anyone joins it, and never recover anew', () => {
    const recovering = { ...VIEW, current: { ...leaderAndIsr(1, [1]), isRecovering: true } };
    const isr = members(1, 2);
    expect(decideProposal(proposal({ isr, isRecovering: true }), recovering)).toEqual(refused('INVALID_REQUEST'));
    const recovered = { kind: 'write', next: leaderAndIsr(1, [1, 2]) };
    expect(decideProposal(proposal({ isr }), recovering)).toEqual(recovered);
    expect(decide({ isr: members(1), isRecovering: true })).toEqual(refused('INVALID_REQUEST'));
  });

  it('refuses a member that is gone, that has restarted since it fetched, or that gives no epoch', () => {
    const live = registered(1, 2);
    expect(decideProposal(proposal(), { ...VIEW, live })).toEqual(refused('INELIGIBLE_REPLICA'));
    for (const epoch of [102, 104, -1]) {
      const isr = [...members(1, 2), { id: brokerId(3), epoch: brokerEpoch(epoch) }];
      expect(decide({ isr })).toEqual(refused('INELIGIBLE_REPLICA'));
      expect(decide({ isr, requestVersion: 1 })).toEqual(refused('OPERATION_NOT_ATTEMPTED'));
    }
  });
});

describe('decideAlterPartition', () => {
  const cluster: AlterPartitionCluster = {
    registered: registered(1, 2, 3),
    topicOf: (topicId) => (topicId === 'id-of-t' ? 't' : undefined),
    viewOf: ({ topic, partition }) => ({
      ...VIEW,
      current: topic === 't' && partition === 0 ? VIEW.current : undefined,
    }),
  };
  const { leader, requestVersion, ...asked } = proposal();
  const request = (topic: { topic: string } | { topicId: string }, partition = 0, epoch = epochOf(1)) => ({
    brokerId: leader,
    brokerEpoch: epoch,
    version: requestVersion,
    topics: [{ ...topic, partitions: [{ partition, ...asked }] }],
  });

  it('refuses the whole where the asker is not registered under its epoch', () => {
    for (const epoch of [100, 102]) {
      const stale = request({ topic: 't' }, 0, brokerEpoch(epoch));
      expect(decideAlterPartition(stale, cluster)).toEqual(refused('STALE_BROKER_EPOCH'));
    }
    const gone = { ...cluster, registered: registered(2) };
    expect(decideAlterPartition(request({ topic: 't' }), gone)).toEqual(refused('STALE_BROKER_EPOCH'));
  });

  it('decides each partition for itself, of topics by name or by id', () => {
    const topics = [{ topic: 't' }, { topicId: 'id-of-t' }, { topicId: 'of none' }, { topic: 'other' }].flatMap(
      (topic) => request(topic).topics,
    );
    const decided = decideAlterPartition({ ...request({ topic: 't' }), topics }, cluster);
    const partitions = decided.kind === 'decided' ? decided.partitions : [];
    expect(
      partitions.map(({ topic, decision }) => [topic, decision.kind === 'refused' ? decision.error : decision.kind]),
    ).toEqual([
      ['t', 'write'],
      ['t', 'write'],
      [undefined, 'UNKNOWN_TOPIC_ID'],
      ['other', 'UNKNOWN_TOPIC_OR_PARTITION'],
    ]);
  });
});
