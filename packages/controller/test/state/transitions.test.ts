import { describe, expect, it } from 'vitest';
import { IllegalTransitionError } from '../../src/state/illegal-transition-error.ts';
import {
  movePartition,
  PARTITION_TRANSITIONS,
  type PartitionState,
  stateOf,
} from '../../src/state/partition-states.ts';
import { moveReplica, REPLICA_TRANSITIONS, type ReplicaState } from '../../src/state/replica-states.ts';
import { idSet, leaderAndIsr } from '../support/views.ts';

/** Kafka's own tables, which say from where each state can be reached. */
const PARTITION_FROM = {
  New: ['NonExistent'],
  Online: ['New', 'Online', 'Offline'],
  Offline: ['New', 'Online', 'Offline'],
  NonExistent: ['Offline'],
};
const REPLICA_FROM = {
  New: ['NonExistent'],
  Online: ['New', 'Online', 'Offline', 'DeletionIneligible'],
  Offline: ['New', 'Online', 'Offline', 'DeletionIneligible'],
  DeletionStarted: ['Offline'],
  DeletionSuccessful: ['DeletionStarted'],
  DeletionIneligible: ['Offline', 'DeletionStarted'],
  NonExistent: ['DeletionSuccessful'],
};

const online = stateOf(leaderAndIsr(1, [1, 2]), idSet(1));
const PARTITION_STATES: readonly PartitionState[] = [
  { kind: 'NonExistent' },
  { kind: 'New' },
  online,
  { kind: 'Offline', leaderAndIsr: undefined },
];

describe('movePartition', () => {
  it('goes where Kafka goes, and nowhere else', () => {
    for (const from of PARTITION_STATES) {
      for (const to of PARTITION_STATES) {
        if (PARTITION_FROM[to.kind].includes(from.kind)) expect(movePartition(from, to)).toBe(to);
        else expect(() => movePartition(from, to)).toThrow(IllegalTransitionError);
      }
    }
    expect(Object.keys(PARTITION_TRANSITIONS).toSorted()).toEqual(Object.keys(PARTITION_FROM).toSorted());
  });
});

describe('moveReplica', () => {
  it('goes where Kafka goes, and nowhere else', () => {
    const states = Object.keys(REPLICA_TRANSITIONS) as ReplicaState[];
    for (const from of states) {
      for (const to of states) {
        if (REPLICA_FROM[to].includes(from)) expect(moveReplica(from, to)).toBe(to);
        else expect(() => moveReplica(from, to)).toThrow(IllegalTransitionError);
      }
    }
    expect(states.toSorted()).toEqual(Object.keys(REPLICA_FROM).toSorted());
  });
});

describe('stateOf', () => {
  it('is Online where the leader is live, else Offline', () => {
    expect(online.kind).toBe('Online');
    expect(stateOf(leaderAndIsr(1, [1, 2]), idSet(2)).kind).toBe('Offline');
    expect(stateOf(leaderAndIsr(undefined, [1]), idSet(1)).kind).toBe('Offline');
  });
});
