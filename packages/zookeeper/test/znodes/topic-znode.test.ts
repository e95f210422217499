import { brokerId } from '@barnabas/model';
import { describe, expect, it } from 'vitest';
import { decodePartitionState, partitionStatePath } from '../../src/znodes/partition-state.ts';
import { decodeTopic, type TopicZnode } from '../../src/znodes/topic-znode.ts';

const [B1, B2, B3] = [brokerId(1), brokerId(2), brokerId(3)];

describe('decodeTopic', () => {
  it('reads version 1, which had only the partitions', () => {
    expect(decoded('{"version":1,"partitions":{"0":[1,2]}}')).toEqual({
      topicId: undefined,
      partitions: new Map([[0, { replicas: [B1, B2], addingReplicas: [], removingReplicas: [] }]]),
    });
  });

  it('reads what is being added and removed, and passes over partitions that are not there', () => {
    const text =
      '{"version":3,"partitions":{"0":[3,1]},"adding_replicas":{"0":[3],"9":[1]},"removing_replicas":{"0":[1]}}';
    expect(decoded(text).partitions).toEqual(
      new Map([[0, { replicas: [B3, B1], addingReplicas: [B3], removingReplicas: [B1] }]]),
    );
  });
});

describe('decodePartitionState', () => {
  it('reads a state without recovery state, which is that of a recovered leader', () => {
    const state = decodePartitionState(
      { topic: 't', partition: 3 },
      Buffer.from('{"leader":-1,"leader_epoch":4,"controller_epoch":2,"isr":[2],"later":{}}'),
    );
    expect(state).toEqual({ leader: undefined, leaderEpoch: 4, controllerEpoch: 2, isr: [2], isRecovering: false });
  });

  it('is of a path below the topic', () => {
    expect(partitionStatePath({ topic: 't', partition: 3 })).toBe('/brokers/topics/t/partitions/3/state');
  });
});

function decoded(text: string): TopicZnode {
  return decodeTopic('t', Buffer.from(text));
}
