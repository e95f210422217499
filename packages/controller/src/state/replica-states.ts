/**
 * The states of a replica.
 *
 *   NonExistent -> New -> Online <-> Offline -> DeletionStarted -> DeletionSuccessful -> NonExistent
 *
 * A replica that cannot be deleted now, because its broker is gone or answered with an error, is DeletionIneligible, until
 * it is Online or Offline again. Source: Kafka's ReplicaStateMachine.
 */
import { IllegalTransitionError } from './illegal-transition-error.ts';

export type ReplicaState =
  | 'NonExistent'
  | 'New'
  | 'Online'
  | 'Offline'
  | 'DeletionStarted'
  | 'DeletionSuccessful'
  | 'DeletionIneligible';

export const REPLICA_TRANSITIONS: Readonly<Record<ReplicaState, readonly ReplicaState[]>> = {
  NonExistent: ['New'],
  New: ['Online', 'Offline'],
  Online: ['Online', 'Offline'],
  Offline: ['Online', 'Offline', 'DeletionStarted', 'DeletionIneligible'],
  DeletionStarted: ['DeletionSuccessful', 'DeletionIneligible'],
  DeletionSuccessful: ['NonExistent'],
  DeletionIneligible: ['Online', 'Offline'],
};

/**
 * The state after the transition.
 *
 * @throws IllegalTransitionError
 */
export function moveReplica(from: ReplicaState, to: ReplicaState): ReplicaState {
  if (REPLICA_TRANSITIONS[from].includes(to)) return to;
  throw new IllegalTransitionError('a replica', from, to);
}
